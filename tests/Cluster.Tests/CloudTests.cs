namespace NovaOrleans;

/// <summary>Tests over a cloud of their own; each suite runs over both databases.</summary>
public abstract class CloudTests : IAsyncLifetime
{
    protected Cloud Cloud { get; private set; } = null!;

    protected abstract Task<TestLedger> Open();

    public async Task InitializeAsync() => Cloud = await Cloud.Start(await Open());

    public async Task DisposeAsync() => await Cloud.DisposeAsync();
}
