namespace NovaOrleans.Api.Routes;

/// <summary>A group of the core's own routes.</summary>
public interface ICoreRoutes
{
    IEnumerable<ApiRoute> Routes();
}
