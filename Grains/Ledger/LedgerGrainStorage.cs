using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace NovaOrleans.Ledger;

/// <summary>
/// Grain state in the ledger's own database, through its own writer: settings of an embedded server need no second store. A
/// row's key is the state's name and the whole grain id, so that two grain classes never meet in one row.
/// </summary>
public sealed class LedgerGrainStorage(ILedger ledger, IGrainStorageSerializer serializer) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Row? row = await ledger.Read(s => s.QueryOne(
            "select version, payload from settings where grain = @grain",
            r => new Row(r.Long("version"), r.Text("payload")), ("grain", Key(stateName, grainId))));
        grainState.RecordExists = row is not null;
        grainState.ETag = row is null ? null : Version(row.Version);
        grainState.State = row is null
            ? Activator.CreateInstance<T>()
            : serializer.Deserialize<T>(BinaryData.FromString(row.Payload));
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        long version = Version(grainState.ETag);
        string payload = serializer.Serialize(grainState.State).ToString();
        await Change(
            stateName, grainId, grainState,
            version == 0
                ? "insert into settings (grain, version, payload) values (@grain, @next, @payload) on conflict do nothing"
                : "update settings set version = @next, payload = @payload where grain = @grain and version = @version",
            [("grain", Key(stateName, grainId)), ("version", version), ("next", version + 1), ("payload", payload)]);
        grainState.ETag = Version(version + 1);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null)
        {
            await Change(
                stateName, grainId, grainState, "delete from settings where grain = @grain and version = @version",
                [("grain", Key(stateName, grainId)), ("version", Version(grainState.ETag))]);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private async Task Change<T>(
        string stateName, GrainId grainId, IGrainState<T> grainState, string sql, (string Name, object? Value)[] parameters)
    {
        Outcome changed = await ledger.Commit(async session => await session.Execute(sql, parameters) == 1
            ? Outcome.Done
            : new Refusal(RefusalCode.Stale, "Another activation has written this state."));
        if (changed.Refused)
        {
            throw new InconsistentStateException(
                $"{stateName} of {grainId}: {changed.Refusal.Reason}", "another version", grainState.ETag ?? "none");
        }
    }

    private static string Key(string stateName, GrainId grain) => $"{stateName}|{grain}";

    private static string Version(long version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static long Version(string? etag) =>
        etag is null ? 0 : long.Parse(etag, System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Row(long Version, string Payload);
}

public static class LedgerGrainStorageRegistration
{
    /// <summary>Registers the ledger's database as the grain storage of this name.</summary>
    public static IServiceCollection AddLedgerGrainStorage(this IServiceCollection services, string name) =>
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => new LedgerGrainStorage(
            provider.GetRequiredService<ILedger>(), provider.GetRequiredService<IGrainStorageSerializer>()));
}
