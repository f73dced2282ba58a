using System.Text.Json;

namespace NovaOrleans.Ledger;

/// <summary>
/// What a backup says of itself, before its rows: which database it is of, when it was taken by that database's clock, and the
/// migrations that made its schema.
/// </summary>
public sealed record BackupHeader(string Database, DateTimeOffset TakenAt, IReadOnlyList<AppliedMigration> Migrations)
{
    /// <summary>The newest migration: the schema's version.</summary>
    public int Schema => Migrations.Max(m => m.Number);

    internal string ToLine() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    internal static BackupHeader? Of(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupHeader>(line, JsonSerializerOptions.Web) is { Migrations.Count: > 0 } header
                ? header
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A migration that a database has had, with its text's checksum.</summary>
public sealed record AppliedMigration(int Number, string Name, string Checksum);

/// <summary>A table of the schema and its columns, in their order.</summary>
internal sealed record TableShape(string Name, IReadOnlyList<string> Columns);
