namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// Ends the loading of one network service; it becomes a <see cref="LoadFault"/> and never leaves the loader.
/// </summary>
internal sealed class NetworkServiceLoadException : Exception
{
    public NetworkServiceLoadException(string message)
        : base(message)
    {
    }

    public NetworkServiceLoadException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
