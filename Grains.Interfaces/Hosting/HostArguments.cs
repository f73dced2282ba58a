namespace NovaOrleans.Hosting;

/// <summary>What every process of ours tells .NET's host.</summary>
public static class HostArguments
{
    /// <summary>
    /// Nothing is read again while a process runs. By default the host watches every folder below the one that it was started in for
    /// settings that change, and a database below it had each of its writes reported.
    /// </summary>
    public const string NoReload = "--hostBuilder:reloadConfigOnChange=false";
}
