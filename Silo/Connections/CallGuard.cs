using System.Runtime.Loader;
using NovaOrleans.Connections;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Silo.Connections;

/// <summary>
/// Deny by default: a call from a client is held against <see cref="CallRules"/>. Who asks is told by the sender's id, which the
/// gateway has held against the certificate (<see cref="GatewayFrames"/>).
/// </summary>
internal sealed class CallGuard(NetworkServiceManager services, RefusalLog refusals) : IIncomingGrainCallFilter
{
    private readonly AssemblyLoadContext?[] _plugIns =
        [.. services.List().Select(s => AssemblyLoadContext.GetLoadContext(s.GetType().Assembly))];

    private CallRules? _rules;

    private CallRules Rules => _rules ??= new CallRules(
        contract => _plugIns.Contains(AssemblyLoadContext.GetLoadContext(contract.Assembly))
            && AssemblyLoadContext.GetLoadContext(contract.Assembly) != AssemblyLoadContext.Default);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        // The silo's own client, as of an API in the same process; no gateway lets such an id in.
        if (context.SourceId is not { } source || !source.Type.IsClient() || source.Key.AsSpan().StartsWith("hosted-"u8))
        {
            return context.Invoke();
        }

        Peer? peer = Peer.OfClient(source.Key.ToString()!);
        Type contract = context.Request.GetInterfaceType();
        string? why = peer is null
            ? $"The client {source} does not say who it is."
            : Rules.WhyNot(peer, contract, context.MethodName, context.TargetId);
        if (why is null)
        {
            return context.Invoke();
        }

        refusals.Call(peer?.ToString() ?? source.ToString(), $"{contract.Name}.{context.MethodName} of {context.TargetId}");
        throw new OperatingFaultException(why, mayRetry: false);
    }
}
