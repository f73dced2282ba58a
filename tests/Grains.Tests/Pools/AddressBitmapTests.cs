namespace NovaOrleans.Pools;

public sealed class AddressBitmapTests
{
    [Fact]
    public void It_hands_out_in_order_and_comes_back_to_a_freed_one_last()
    {
        AddressBitmap bits = new(4);
        Assert.Equal([0, 1, 2], Take(bits, 3));
        Assert.True(bits.Free(1));
        Assert.Equal([3, 1, -1], Take(bits, 3));
    }

    [Fact]
    public void It_counts_what_is_taken_once()
    {
        AddressBitmap bits = new(100);
        Assert.True(bits.TryTake(63));
        Assert.False(bits.TryTake(63));
        Assert.True(bits.IsTaken(63));
        Assert.False(bits.IsTaken(64));
        Assert.Equal(1, bits.Taken);
        Assert.True(bits.Free(63));
        Assert.False(bits.Free(63));
        Assert.Equal(0, bits.Taken);
    }

    [Fact]
    public void It_passes_full_pages_and_the_end()
    {
        const long size = (32_768 * 3) + 5;
        AddressBitmap bits = new(size);
        for (long i = 0; i < size; i++)
        {
            Assert.True(bits.TryTake(i));
        }

        bits.MoveCursor(10);
        Assert.Equal(-1, bits.FindFree());
        bits.Free(size - 1);
        bits.Free(7);
        Assert.Equal([size - 1, 7, -1], Take(bits, 3));
    }

    [Fact]
    public void Thirty_two_at_a_time_are_taken_as_each_would_be_by_itself()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        foreach (long size in (long[])[1, 31, 33, 100, 32_768 + 40])
        {
            AddressBitmap together = new(size);
            AddressBitmap apart = new(size);
            for (int i = 0; i < 2_000; i++)
            {
                long position = random.NextInt64(-40, size + 40);
                uint bits = (uint)random.NextInt64(1L << 32) & (uint)random.NextInt64(1L << 32);
                together.Take(position, bits);
                for (int bit = 0; bit < 32; bit++)
                {
                    if ((bits >> bit & 1) == 1 && position + bit >= 0 && position + bit < size)
                    {
                        apart.TryTake(position + bit);
                    }
                }

                Assert.True(together.Taken == apart.Taken, $"seed {seed}, size {size}, step {i}, position {position}, bits {bits:x}");
            }

            Assert.All(Range(size), at => Assert.Equal(apart.IsTaken(at), together.IsTaken(at)));
        }
    }

    [Fact]
    public void Random_takes_and_frees_agree_with_a_set()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        AddressBitmap bits = new(70_000);
        HashSet<long> taken = [];
        for (int i = 0; i < 100_000; i++)
        {
            long at = random.Next(70_000);
            Assert.True(bits.IsTaken(at) == taken.Contains(at), $"seed {seed}, step {i}");
            if (random.Next(3) == 0)
            {
                Assert.True(bits.Free(at) == taken.Remove(at), $"seed {seed}, step {i}");
            }
            else if (bits.FindFree() is var found and >= 0)
            {
                Assert.True(bits.TryTake(found) && taken.Add(found), $"seed {seed}, step {i}: {found} given twice");
            }
        }

        Assert.Equal(taken.Count, bits.Taken);
    }

    private static IEnumerable<long> Range(long size) => Enumerable.Range(0, (int)size).Select(i => (long)i);

    private static List<long> Take(AddressBitmap bits, int count)
    {
        List<long> found = [];
        for (int i = 0; i < count; i++)
        {
            found.Add(bits.FindFree());
            Assert.True(found[^1] < 0 || bits.TryTake(found[^1]));
        }

        return found;
    }
}
