using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;

namespace NovaOrleans.Faults;

/// <summary>
/// Every call of a run, in the order in which they ended. Each is a JSON line in the file as soon as it has ended, so that a
/// run that dies leaves what it saw.
/// </summary>
internal sealed class History : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
    };

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<Call> _calls = [];
    private readonly Channel<Call> _ended = Channel.CreateUnbounded<Call>();
    private readonly Task _writing;
    private long _number;

    public History(string file) => _writing = Write(file);

    /// <summary>Seconds since the run began, by a clock that only goes forward.</summary>
    public double Now => Stopwatch.GetElapsedTime(_began).TotalSeconds;

    public long Next() => Interlocked.Increment(ref _number);

    public void Add(Call call)
    {
        lock (_calls)
        {
            _calls.Add(call);
            _ended.Writer.TryWrite(call);
        }
    }

    /// <summary>All that have ended by now.</summary>
    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>What a run wrote to its file.</summary>
    public static IReadOnlyList<Call> ReadAll(string file) =>
        [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<Call>(line, s_json)!)];

    public async ValueTask DisposeAsync()
    {
        _ended.Writer.TryComplete();
        await _writing;
    }

    private async Task Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using StreamWriter writer = new(file);
        while (await _ended.Reader.WaitToReadAsync())
        {
            while (_ended.Reader.TryRead(out Call? call))
            {
                await writer.WriteLineAsync(JsonSerializer.Serialize(call, s_json));
            }

            await writer.FlushAsync();
        }
    }
}
