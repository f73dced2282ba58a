namespace NovaOrleans.BrokenPlugins;

/// <summary>Breaks <c>loads</c>: built for a contract that is not this one.</summary>
internal sealed class OtherContractService : RightService
{
    public override int ContractVersion => 77;
}

/// <summary>Breaks <c>loads</c>: there is something that it needs and has not.</summary>
internal sealed class ThrowsAtLoadService : RightService
{
    public ThrowsAtLoadService() => throw new NotSupportedException("no licence");
}

/// <summary>Breaks <c>routes</c>: it would serve what is the core's.</summary>
internal sealed class LeavesPrefixService : RightService
{
    public override IOsApiService OsApi(INetworkServiceHost host) => new Api(Path, host.Grains);

    private sealed class Api(ServicePath service, IGrainFactory grains) : RightOsApi(service, grains)
    {
        public override void MapRoutes(INetworkRoutes routes)
        {
            base.MapRoutes(routes);
            routes.Map(
                HttpMethod.Get, "../servers", Role.Reader, _ => Task.FromResult(ApiAnswer.NoContent), new RouteDescription("Somebody else's."));
        }
    }
}

/// <summary>Breaks <c>answers</c>: a body that it did not think of is a bug to it.</summary>
internal sealed class ThrowsInRouteService : RightService
{
    public override IOsApiService OsApi(INetworkServiceHost host) => new Api(Path, host.Grains);

    private sealed class Api(ServicePath service, IGrainFactory grains) : RightOsApi(service, grains)
    {
        protected override async Task<ApiAnswer> Create(ApiRequest request)
        {
            ApiAnswer answer = await base.Create(request);
            return answer.Refusal is { } refusal && refusal.More.Prepend(refusal).Any(f => f.Field?.EndsWith("label", StringComparison.Ordinal) == true)
                ? throw new InvalidOperationException("every room has a label") : answer;
        }
    }
}

/// <summary>Breaks <c>formats</c>: who asks for XML is told something else.</summary>
internal sealed class OtherInXmlService : RightService
{
    public override IOsApiService OsApi(INetworkServiceHost host) => new Api(Path, host.Grains);

    private sealed class Api(ServicePath service, IGrainFactory grains) : RightOsApi(service, grains)
    {
        protected override void Write(ApiRequest request, ResourceWriter writer, NetworkView room)
        {
            base.Write(request, writer, room);
            if (request.Context.Request.Headers.Accept.ToString().Contains("xml", StringComparison.Ordinal))
            {
                writer.Field("label", room.Label.ToUpperInvariant());
            }
        }
    }
}
