using System.Numerics;

namespace NovaOrleans.Pools;

/// <summary>
/// Which of a range's addresses are taken, one bit each, with a next-fit cursor: an address that was freed is taken
/// again as late as possible. Pages come into being when their first bit is set, so an empty /8 costs 4 KB and not 2
/// MB; a full page is skipped by its count.
/// </summary>
public sealed class AddressBitmap
{
    private const int PageWords = 512;
    private const int PageBits = PageWords * 64;

    private readonly ulong[]?[] _pages;
    private readonly int[] _taken;
    private long _cursor;

    /// <param name="size">How many addresses, 1 to 2^24 (a /8).</param>
    public AddressBitmap(long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1L << 24);
        Size = size;
        _pages = new ulong[]?[(size + PageBits - 1) / PageBits];
        _taken = new int[_pages.Length];
    }

    public long Size { get; }

    /// <summary>How many are taken.</summary>
    public long Taken { get; private set; }

    /// <summary>The next search begins here.</summary>
    public void MoveCursor(long position) => _cursor = position % Size;

    public bool IsTaken(long position) =>
        _pages[position / PageBits] is { } page && (page[position % PageBits / 64] & Bit(position)) != 0;

    /// <summary>False if it was taken already.</summary>
    public bool TryTake(long position)
    {
        ulong[] page = _pages[position / PageBits] ??= new ulong[PageWords];
        ref ulong word = ref page[position % PageBits / 64];
        if ((word & Bit(position)) != 0)
        {
            return false;
        }

        word |= Bit(position);
        _taken[position / PageBits]++;
        Taken++;
        return true;
    }

    /// <summary>
    /// Takes those of the 32 from <paramref name="position"/> on whose bit is set, the lowest first; what is outside of the range is
    /// left out. A pool is read so: bit by bit, 65,000 were 25 ms of the code of a silo that had just come up.
    /// </summary>
    public void Take(long position, uint bits)
    {
        ulong wanted = position switch
        {
            <= -32 => 0,
            < 0 => bits >> (int)-position,
            _ => bits,
        };
        position = Math.Max(position, 0);
        if (Size - position < 32)
        {
            wanted &= position < Size ? (1UL << (int)(Size - position)) - 1 : 0;
        }

        TakeOfWord(position, wanted << (int)(position % 64));
        if (position % 64 > 32)
        {
            TakeOfWord(position + 32, wanted >> (int)(64 - (position % 64)));
        }
    }

    /// <summary>False if it was free already.</summary>
    public bool Free(long position)
    {
        if (!IsTaken(position))
        {
            return false;
        }

        _pages[position / PageBits]![position % PageBits / 64] &= ~Bit(position);
        _taken[position / PageBits]--;
        Taken--;
        return true;
    }

    /// <summary>
    /// The first free one from the cursor on, around the end; −1 if all are taken. Taking it moves the cursor.
    /// </summary>
    public long FindFree()
    {
        if (Taken >= Size)
        {
            return -1;
        }

        long found = FindFrom(_cursor, Size);
        found = found >= 0 ? found : FindFrom(0, _cursor);
        _cursor = (found + 1) % Size;
        return found;
    }

    /// <summary>Of the word in which <paramref name="position"/> is.</summary>
    private void TakeOfWord(long position, ulong wanted)
    {
        if (wanted == 0)
        {
            return;
        }

        ulong[] page = _pages[position / PageBits] ??= new ulong[PageWords];
        ref ulong word = ref page[position % PageBits / 64];
        int more = BitOperations.PopCount(wanted & ~word);
        word |= wanted;
        _taken[position / PageBits] += more;
        Taken += more;
    }

    private long FindFrom(long from, long end)
    {
        while (from < end)
        {
            long page = from / PageBits;
            long next = Math.Min((page + 1) * PageBits, end);
            if (_pages[page] is not { } words)
            {
                return from;
            }

            if (_taken[page] < PageBits && FindInPage(words, from, next) is var found and >= 0)
            {
                return found;
            }

            from = next;
        }

        return -1;
    }

    private static long FindInPage(ulong[] words, long from, long end)
    {
        while (from < end)
        {
            ulong free = ~words[from % PageBits / 64] & (ulong.MaxValue << (int)(from % 64));
            if (free != 0)
            {
                long found = (from / 64 * 64) + BitOperations.TrailingZeroCount(free);
                return found < end ? found : -1;
            }

            from = (from / 64 * 64) + 64;
        }

        return -1;
    }

    private static ulong Bit(long position) => 1UL << (int)(position % 64);
}
