namespace NovaOrleans.Agent;

/// <summary>What was last read back of each VNIC's network; net-agents wait on it.</summary>
public sealed class VnicProgress
{
    private readonly Lock _lock = new();
    private ImmutableHashSet<VnicId> _verified = [];
    private ImmutableHashSet<string>? _present;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Steps between the host as it was last read back and as it should be; the core is told at each renewal.</summary>
    public int Differences { get; set; }

    public void Set(ImmutableHashSet<VnicId> verified, ImmutableHashSet<string> present)
    {
        TaskCompletionSource before;
        lock (_lock)
        {
            (_verified, _present, before) = (verified, present, _changed);
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.SetResult();
    }

    public Task UntilVerified(IReadOnlyList<VnicId> vnics, CancellationToken stop = default) =>
        Until(() => vnics.All(_verified.Contains), stop);

    public Task UntilGone(IReadOnlyList<VnicId> vnics, CancellationToken stop = default) =>
        Until(() => _present is not null && !vnics.Any(v => _present.Contains(GuestPort.NameOf(v))), stop);

    private async Task Until(Func<bool> reached, CancellationToken stop)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (reached())
                {
                    return;
                }

                next = _changed.Task;
            }

            await next.WaitAsync(stop);
        }
    }
}
