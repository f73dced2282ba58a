using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace NovaOrleans.Api.Operations;

/// <summary>What a probe is told.</summary>
[Collection("facade")]
public sealed class ReadinessTests(Facade facade)
{
    [Fact]
    public async Task Health_needs_no_token_and_is_one_line()
    {
        using HttpClient anybody = new() { BaseAddress = facade.Address };
        Assert.Equal("""{"health":{"status":"live","missing":[]}}""", await anybody.GetStringAsync("/health/live"));
        Assert.Equal("""{"health":{"status":"ready","missing":[]}}""", await anybody.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task What_is_missing_is_named_what_hangs_is_given_up_and_the_rest_is_not_waited_for()
    {
        Readiness readiness = new(
            [
                new Part("there", _ => Task.FromResult<string?>(null)),
                new Part("gone", _ => Task.FromResult<string?>("went away")),
                new Part("broken", _ => throw new InvalidOperationException("does not work")),
                new Part("hanging", _ => new TaskCompletionSource<string?>().Task),
            ],
            new Life(), TimeProvider.System);
        Assert.Equal(
            ["gone: went away", "broken: does not work", "hanging: did not answer within 2 s"],
            (await readiness.Missing()).Select(m => $"{m.Key}: {m.Value}"));
    }

    [Fact]
    public async Task A_process_that_is_about_to_end_is_not_ready()
    {
        Readiness readiness = new([], new Life(stopping: true), TimeProvider.System);
        Assert.Equal("process", Assert.Single(await readiness.Missing()).Key);
    }

    [Fact]
    public void An_option_that_cannot_be_read_is_a_sentence_that_names_it()
    {
        Dictionary<string, string?> given = new()
        {
            ["health_urls"] = "8775",
            ["otlp_endpoint"] = "collector",
            ["log_format"] = "xml",
            ["log_level"] = "loud",
            ["dashboard"] = "yes",
        };
        List<string> faults = [];
        OperationsOptions.From(new ConfigurationBuilder().AddInMemoryCollection(given).Build(), faults);
        Assert.Equal(given.Keys.Select(k => $"--{k}").Order(), faults.Select(f => f.Split(' ')[0]).Order());
    }

    private sealed class Part(string name, Func<CancellationToken, Task<string?>> missing) : IReadiness
    {
        public string Name => name;

        public Task<string?> Missing(CancellationToken stop) => missing(stop);
    }

    private sealed class Life(bool stopping = false) : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;
        public CancellationToken ApplicationStopping { get; } = new(stopping);
        public CancellationToken ApplicationStopped => default;

        public void StopApplication()
        {
        }
    }
}
