namespace NovaOrleans.Pools;

public sealed partial class FixedIpPoolGrain
{
    [LoggerMessage(LogLevel.Information, "pool {Network}: opened at epoch {Epoch}, {Held} of {Size} held")]
    private partial void LogOpened(NetworkId network, long epoch, long held, long size);

    [LoggerMessage(LogLevel.Warning, "the host of VNIC {Vnic} could not be asked, it will be again: {Why}")]
    private partial void LogNotAsked(VnicId vnic, string why);

    [LoggerMessage(LogLevel.Warning, "pool {Network}: this activation ends: {Why}")]
    private partial void LogEnded(NetworkId network, string why);
}
