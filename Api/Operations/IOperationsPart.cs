namespace NovaOrleans.Api.Operations;

/// <summary>Something more on the operators' port.</summary>
public interface IOperationsPart
{
    void AddTo(WebApplication port);
}
