namespace NovaOrleans.Agent.Host;

/// <summary>How this host reaches Open vSwitch.</summary>
/// <param name="Database">As <c>ovs-vsctl --db</c> takes it.</param>
/// <param name="Datapath">
/// <c>system</c>, the kernel's module, or <c>netdev</c>, in the process of ovs-vswitchd.
/// </param>
public sealed record OvsAccess(string Database, string Datapath)
{
    public const string UsualDatabase = "unix:/run/openvswitch/db.sock";
    public const string Kernel = "system";
    public const string Userspace = "netdev";
}

/// <summary>
/// Open vSwitch through its database: one process to read it, one transaction a phase to change it. What is ours has
/// a mark in its external ids, and nothing else is changed.
/// </summary>
internal sealed class OvsSwitch(HostTools tools, OvsAccess access)
{
    /// <summary>Answers come within milliseconds; a dead ovs-vswitchd never answers.</summary>
    private const string Patience = "--timeout=5";

    private const string Late = "ovs-vswitchd did not take it up within 5 s; is it running?";

    private const string Marked = $"external_ids:{OvsTables.MarkKey}={OvsTables.MarkValue}";

    public async Task<ActualSwitch> Read(CancellationToken stop)
    {
        try
        {
            ToolResult result = await Run(
            [
                "--format=json",
                "--", "--columns=name,ports,external_ids", "list", "Bridge",
                "--", "--columns=_uuid,name,tag,trunks,external_ids,interfaces", "list", "Port",
                "--", "--columns=_uuid,error,ofport", "list", "Interface",
            ], stop);
            return result.Good
                ? OvsTables.Read(result.Output)
                : ActualSwitch.Empty with { Fault = IsLate(result) ? Late : result.Words };
        }
        catch (OperatingFaultException e)
        {
            return ActualSwitch.Empty with { Fault = e.Message };
        }
    }

    public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> steps, CancellationToken stop)
    {
        Dictionary<Step, string> bad = [];
        foreach (SetAccess step in steps.OfType<SetAccess>().Where(_ => access.Datapath == OvsAccess.Userspace))
        {
            // Its packets leave the kernel as they are, where a sender's unfinished checksum would be a wrong one.
            ToolResult off = await tools.InSpace("ethtool", ["-K", step.Link.Name, "tx", "off"], null, stop);
            if (!off.Good)
            {
                bad[step] = $"ethtool -K {step.Link.Name} tx off: {off.Words}";
            }
        }

        Step[] ready = [.. steps.Where(s => !bad.ContainsKey(s))];
        ToolResult whole = await Transact(ready, stop);
        foreach (Step step in whole.Good ? [] : ready)
        {
            // The transaction was all or nothing: find the step at fault, so that the others are served. One that was
            // written and not taken up is everybody's.
            ToolResult alone = ready.Length == 1 || IsLate(whole) ? whole : await Transact([step], stop);
            if (!alone.Good)
            {
                bad[step] = IsLate(alone) ? Late : alone.Words;
            }
        }

        return [.. steps.Select(s => new StepResult(s, bad.GetValueOrDefault(s)))];
    }

    private Task<ToolResult> Transact(IReadOnlyList<Step> steps, CancellationToken stop) => steps.Count == 0
        ? Task.FromResult(new ToolResult(0, "", ""))
        : Run([.. steps.SelectMany(ArgumentsOf)], stop);

    private Task<ToolResult> Run(IReadOnlyList<string> arguments, CancellationToken stop) =>
        tools.OnMachine("ovs-vsctl", [$"--db={access.Database}", Patience, .. arguments], stop);

    private string[] ArgumentsOf(Step step) => step switch
    {
        AddSwitch s =>
        [
            "--", "--may-exist", "add-br", s.Name, "--", "set", "Bridge", s.Name, $"datapath_type={access.Datapath}", Marked,
            "other_config:disable-in-band=true",
        ],
        SetTrunk s =>
        [
            "--", "--may-exist", "add-port", s.Switch, s.Uplink, "--", "clear", "Port", s.Uplink, "tag",
            "--", "set", "Port", s.Uplink, $"trunks={string.Join(',', s.Tags)}", "vlan_mode=trunk", Marked,
        ],
        SetAccess s =>
        [
            "--", "--may-exist", "add-port", s.Switch, s.Port,
            "--", "set", "Port", s.Port, $"tag={s.Link.Tag}", "vlan_mode=access", Marked,
        ],
        RemoveAccess s => ["--", "--if-exists", "del-port", s.Switch, s.Port],
        RemoveSwitch s => ["--", "--if-exists", "del-br", s.Name],
        _ => throw new InvalidOperationException($"{step.GetType().Name} is no step about a switch"),
    };

    /// <summary>ovs-vsctl ends itself by a signal when nobody takes up what it wrote.</summary>
    private static bool IsLate(ToolResult result) =>
        result.ExitCode == 128 + 14 || result.Error.Contains("Alarm clock", StringComparison.Ordinal);
}
