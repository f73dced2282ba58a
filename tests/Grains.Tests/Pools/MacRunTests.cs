using NovaOrleans.Vocabulary;

namespace NovaOrleans.Pools;

public sealed class MacRunTests
{
    [Fact]
    public void The_addresses_of_a_run_follow_each_other_and_the_next_run_begins_elsewhere()
    {
        int seed = Random.Shared.Next();
        MacRun run = new(new Random(seed));
        ulong[] first = Draw(run), second = Draw(run);
        Assert.All([first, second], drawn => Assert.Equal(
            Enumerable.Range(0, MacRun.Length).Select(i => drawn[0] + (ulong)i), drawn));
        Assert.True(first[0] >> 40 == 2 && second[0] >> 40 == 2, $"not locally administered, seed {seed}");
        Assert.True(first[0] != second[0] && second[0] != first[^1] + 1, $"one run, seed {seed}");
    }

    [Fact]
    public void Of_several_threads_none_draws_what_another_has()
    {
        MacRun run = new(new Random(1));
        MacAddress[][] drawn = [.. Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4)
            .Select(_ => Enumerable.Range(0, 1000).Select(_ => run.Next()).ToArray())];
        Assert.Equal(4000, drawn.SelectMany(d => d).Distinct().Count());
    }

    private static ulong[] Draw(MacRun run) => [.. Enumerable.Range(0, MacRun.Length).Select(_ => run.Next().Bits)];
}
