using System.Diagnostics;
using System.Net;
using NovaOrleans.Connections;

namespace NovaOrleans.Silo.Hosting;

/// <summary>
/// This machine's agent as a child process: started when the server is up, started again when it ends, and ended with the server,
/// also with one that is killed: its next start has an agent of its own, and two of one host would turn each other out for ever.
/// Its guests and links stay: an agent's end is no teardown.
/// </summary>
public sealed partial class AgentProcess(SiloOptions options, IConfiguration configuration, ILogger<AgentProcess> logger)
    : BackgroundService
{
    /// <summary>Options of the agent's that this process takes as they are; the agent says if one is wrong.</summary>
    internal static readonly string[] PassedOn =
    [
        "network_service_conf", "network_service_path", "netns", "libvirt_uri", "libvirt_type", "image_folder", "switch", "ovs_db",
        "ovs_datapath", "public_interface", "routing_source_ip", "my_ip", "metadata",
    ];

    private static readonly TimeSpan s_restartAfter = TimeSpan.FromSeconds(2);

    /// <summary>What the child is known by to the silos; null where it is given none.</summary>
    public static string[]? Certificates(IConfiguration configuration) =>
        configuration["agent_certificate"] is { } certificate && configuration["agent_key"] is { } key
        && configuration[CertificateFiles.AuthoritySetting] is { } authority
            ? ["--cluster_certificate", certificate, "--cluster_key", key, "--cluster_ca", authority]
            : null;

    public static bool MayTouchKernel => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Agent == AgentChoice.None)
        {
            return;
        }

        if (FindProgram() is not { } program)
        {
            LogMissing(configuration["agent_program"] ?? "AgentClient beside this program");
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            int exit = await RunOnce(program, stoppingToken);
            if (!stoppingToken.IsCancellationRequested)
            {
                LogEnded(exit, s_restartAfter.TotalSeconds);
                await Task.Delay(s_restartAfter, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> RunOnce(string program, CancellationToken stopping)
    {
        // The pipe is how it hears of this process's end, however that comes.
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", Arguments(program)) { RedirectStandardInput = true },
        };
        process.Start();
        LogStarted(process.Id, options.Host.Value);
        try
        {
            await process.WaitForExitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            await End(process);
        }

        return process.ExitCode;
    }

    private List<string> Arguments(string program)
    {
        bool fake = options.Agent == AgentChoice.Fake || !MayTouchKernel;
        List<string> arguments =
        [
            program,
            "--host", options.Host.Value,
            "--state", options.AgentState,
            "--gateway", new IPEndPoint(options.Endpoints.Address, options.Endpoints.GatewayPort).ToString(),
            "--cluster_id", options.ClusterId,
            "--service_id", options.ServiceId,
            "--with_stdin",
            "--compute", fake ? "none" : configuration["compute"] ?? "namespaces",
        ];
        foreach (string passed in PassedOn)
        {
            if (configuration[passed] is { } value)
            {
                arguments.AddRange(["--" + passed, value]);
            }
        }

        arguments.AddRange(Certificates(configuration) ?? []);
        if (fake)
        {
            arguments.Add("--fake");
        }

        return arguments;
    }

    /// <summary>Asks first, so that it ends its session; ten seconds later it is told.</summary>
    private static async Task End(Process process)
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Beside this program, or where the build puts it in a source tree.</summary>
    private string? FindProgram()
    {
        const string name = "NovaOrleans.AgentClient.dll";
        string here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string configurationName = Path.GetFileName(here);
        return new[]
        {
            configuration["agent_program"],
            Path.Combine(here, name),
            Path.Combine(here, "..", "AgentClient", name),
            Path.Combine(here, "..", "..", "AgentClient", configurationName, name),
        }.FirstOrDefault(p => p is not null && File.Exists(p));
    }

    [LoggerMessage(LogLevel.Information, "the agent of host {Host} runs as process {Pid}")]
    private partial void LogStarted(int pid, string host);

    [LoggerMessage(LogLevel.Warning, "the agent ended with status {Exit}; it is started again in {Seconds} s")]
    private partial void LogEnded(int exit, double seconds);

    [LoggerMessage(LogLevel.Error, "the agent's program was not found ({Where}); this machine is no compute host")]
    private partial void LogMissing(string where);
}
