using System.Diagnostics;

namespace NovaOrleans.Testing.Clusters;

/// <summary>
/// One process of a cluster: the same program on the same endpoint however often it is started. What it says is in
/// <c>NAME.log</c> of the cluster's folder, and which process it is in <c>NAME.pid</c>, so that another program can go on
/// with it: every call looks at the process itself and remembers nothing.
/// </summary>
public sealed class ClusterProcess(string folder, string name, ProcessStartInfo command, Func<ClusterProcess, Task<bool>> isUp)
{
    /// <summary>A busy machine starts slowly; what does not come up at all says why in its log.</summary>
    private static readonly TimeSpan UpLimit = TimeSpan.FromSeconds(90);

    private Process? _child;
    private long _logBegan;

    public string Name { get; } = name;

    public string Log { get; } = Path.Combine(folder, $"{name}.log");

    public string PidFile { get; } = Path.Combine(folder, $"{name}.pid");

    /// <summary>The process that runs now; 0 where none does.</summary>
    public int Id => Record is { Runs: true } running ? running.Id : 0;

    public bool IsRunning => Id != 0;

    /// <summary>Of a process that was started here and has ended by itself or by <see cref="StopGracefully"/>.</summary>
    public int? ExitCode => _child is { HasExited: true } ended ? ended.ExitCode : null;

    private ProcessRecord? Record => ProcessRecord.Read(PidFile);

    /// <summary>Starts it and waits until it serves.</summary>
    public async Task Start()
    {
        Launch();
        await UntilUp();
    }

    /// <summary>Starts it and waits for nothing.</summary>
    public void Launch()
    {
        if (IsRunning)
        {
            throw new InvalidOperationException($"{Name} runs already, as process {Id}");
        }

        _logBegan = File.Exists(Log) ? new FileInfo(Log).Length : 0;
        // Its output goes to the file without us, so that it may outlive us; a session of its own, so that no Ctrl-C
        // meant for us reaches it. Both programs become what they start: the id is the process's own.
        var start = new ProcessStartInfo(
            "/usr/bin/setsid",
            ["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", Log, command.FileName, .. command.ArgumentList])
        {
            WorkingDirectory = "/",
        };
        foreach ((string key, string? value) in command.Environment)
        {
            start.Environment[key] = value;
        }

        _child?.Dispose();
        _child = Process.Start(start) ?? throw new InvalidOperationException($"{command.FileName} does not start");
        ProcessRecord.Of(_child.Id)?.Write(PidFile);
    }

    public async Task UntilUp()
    {
        try
        {
            await Poll.Until(async () => !IsRunning || await isUp(this), $"{Name} is up", UpLimit);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; it said:\n{Said()}", late);
        }

        if (!IsRunning)
        {
            throw new InvalidOperationException($"{Name} ended instead of coming up; it said:\n{Said()}");
        }
    }

    /// <summary>SIGKILL: it says goodbye to nobody.</summary>
    public async Task Kill()
    {
        Signal(Signals.Kill);
        await UntilEnded(TimeSpan.FromSeconds(20));
    }

    /// <summary>SIGSTOP: it lives, and answers nobody until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal(Signals.Stop);

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public void Thaw() => Signal(Signals.Continue);

    /// <summary>SIGTERM, or what else makes this program end in order; and waits for its end.</summary>
    public async Task StopGracefully(TimeSpan? limit = null)
    {
        Signal(StopSignal);
        await UntilEnded(limit ?? TimeSpan.FromSeconds(60));
    }

    /// <summary>In order, and up again on the same endpoint.</summary>
    public async Task Restart()
    {
        await StopGracefully();
        await Start();
    }

    public async Task UntilEnded(TimeSpan limit)
    {
        await Poll.Until(() => !IsRunning, $"{Name} has ended", limit);
        if (_child is not null && _child.Id == Record?.Id)
        {
            // Its exit code is there a moment later.
            await _child.WaitForExitAsync();
        }
    }

    /// <summary>What it wrote since it was started last; the end of it if that is much.</summary>
    public string Said(int characters = 4000)
    {
        if (!File.Exists(Log))
        {
            return "";
        }

        using var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(Math.Max(Math.Min(_logBegan, file.Length), file.Length - characters), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    internal int StopSignal { get; init; } = Signals.Terminate;

    /// <summary>To the recorded process, if it is still that one.</summary>
    private void Signal(int signal)
    {
        if (Record is { Runs: true } running)
        {
            Signals.Send(running.Id, signal);
        }
    }
}
