using System.Diagnostics.Metrics;
using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// The agent's figures in Prometheus' text format, in a file that is replaced whole: for node_exporter's textfile
/// collector, so that an agent needs to listen nowhere. Without a path nothing is kept.
/// </summary>
public sealed class MetricsFile : IDisposable
{
    private readonly string? _path;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SortedDictionary<string, double>> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);

    public MetricsFile(AgentMetrics metrics, string? path)
    {
        _path = path;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (metrics.Owns(instrument))
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<int>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
    }

    /// <summary>Counters as they are, gauges asked anew.</summary>
    public string Text()
    {
        _listener.RecordObservableInstruments();
        StringBuilder text = new();
        lock (_lock)
        {
            foreach ((string name, SortedDictionary<string, double> values) in _values)
            {
                string full = _instruments[name] is Counter<long> ? name + "_total" : name;
                text.Append(CultureInfo.InvariantCulture, $"# HELP {full} {_instruments[name].Description}\n");
                text.Append(CultureInfo.InvariantCulture, $"# TYPE {full} {(full == name ? "gauge" : "counter")}\n");
                foreach ((string labels, double value) in values)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{full}{labels} {value}\n");
                }
            }
        }

        return text.ToString();
    }

    public async Task Write(CancellationToken stop)
    {
        if (_path is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            await File.WriteAllTextAsync(_path + ".new", Text(), stop);
            File.Move(_path + ".new", _path, overwrite: true);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder labels = new();
        foreach ((string key, object? tag) in tags)
        {
            labels.Append(labels.Length == 0 ? "{" : ",").Append(CultureInfo.InvariantCulture, $"{key}=\"{tag}\"");
        }

        string text = labels.Length == 0 ? "" : labels.Append('}').ToString();
        lock (_lock)
        {
            if (!_values.TryGetValue(instrument.Name, out SortedDictionary<string, double>? values))
            {
                _values[instrument.Name] = values = new(StringComparer.Ordinal);
            }

            values[text] = instrument is Counter<long> ? values.GetValueOrDefault(text) + value : value;
        }
    }
}
