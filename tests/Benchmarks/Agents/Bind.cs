using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>A binding that is attached in the ledger and that its host was not told of yet.</summary>
internal sealed record Bind(string Host, InstanceSpec Instance, HostBinding Binding)
{
    public VnicId Vnic => Binding.Vnic;
}

/// <summary>Of one bind, in milliseconds: from its call, and from its acknowledgement, to the commit of the host's report.</summary>
internal sealed record BindTimes(double FromCall, double FromAnswer);

/// <summary>What a load measured; <paramref name="Missing"/> are binds of which no report was committed within the limit.</summary>
internal sealed record BindReport(IReadOnlyList<BindTimes> Times, int Missing);
