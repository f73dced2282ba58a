namespace NovaOrleans.Pools;

/// <summary>
/// Draws MAC addresses in runs: where a run begins is random, and the others of it follow. Cards that are made one after the other lie side
/// by side in the index of MACs so; with each drawn for itself every card wrote to a page of its own.
/// </summary>
public sealed class MacRun(Random random)
{
    /// <summary>There are 2^32 runs: of a million cards', two are the same in one cloud of 500.</summary>
    public const int Length = 256;

    private readonly Lock _turn = new();
    private ulong _next;
    private int _left;

    /// <summary>This process's, whichever pool asks.</summary>
    public static MacRun Shared { get; } = new(Random.Shared);

    /// <summary>
    /// The next one of the process's run, and at a further draw a random one: who has met another's run would meet it again.
    /// </summary>
    /// <param name="draw">From 1.</param>
    public static MacAddress Draw(int draw) => draw == 1 ? Shared.Next() : MacAddress.Random(Random.Shared);

    public MacAddress Next()
    {
        lock (_turn)
        {
            if (_left == 0)
            {
                _next = MacAddress.Random(random).Bits / Length * Length;
                _left = Length;
            }

            _left--;
            return MacAddress.TryFromBits(_next++, out MacAddress mac)
                ? mac : throw new InvalidOperationException($"{_next - 1:x12} is no MAC address");
        }
    }
}
