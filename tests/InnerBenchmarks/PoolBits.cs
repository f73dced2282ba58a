using BenchmarkDotNet.Attributes;
using NovaOrleans.Pools;

namespace NovaOrleans.InnerBenchmarks;

/// <summary>An address out of a /16 and back, with so many held, spread as they are after months of coming and going.</summary>
public class PoolBits
{
    private AddressBitmap _bits = null!;

    [Params(0, 60_000)]
    public int Held { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _bits = new AddressBitmap(65_534);
        Random random = new(1);
        while (_bits.Taken < Held)
        {
            _bits.TryTake(random.NextInt64(_bits.Size));
        }
    }

    [Benchmark(Description = "pool take and free")]
    public bool TakeAndFree()
    {
        long found = _bits.FindFree();
        return _bits.TryTake(found) && _bits.Free(found);
    }
}
