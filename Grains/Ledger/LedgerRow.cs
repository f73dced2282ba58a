using System.Data.Common;

namespace NovaOrleans.Ledger;

/// <summary>
/// One row of an answer, valid only while it is being mapped. Columns are read by name; times are UTC.
/// </summary>
public readonly struct LedgerRow
{
    private readonly DbDataReader _reader;

    internal LedgerRow(DbDataReader reader) => _reader = reader;

    public bool IsNull(string column) => _reader.IsDBNull(_reader.GetOrdinal(column));

    public Guid Uuid(string column) => _reader.GetGuid(_reader.GetOrdinal(column));
    public Guid? UuidOrNull(string column) => IsNull(column) ? null : Uuid(column);

    public string Text(string column) => _reader.GetString(_reader.GetOrdinal(column));
    public string? TextOrNull(string column) => IsNull(column) ? null : Text(column);

    public long Long(string column) => _reader.GetInt64(_reader.GetOrdinal(column));
    public long? LongOrNull(string column) => IsNull(column) ? null : Long(column);

    public int Int(string column) => checked((int)Long(column));
    public int? IntOrNull(string column) => IsNull(column) ? null : Int(column);

    public bool Flag(string column) => _reader.GetBoolean(_reader.GetOrdinal(column));

    public DateTimeOffset Time(string column) =>
        _reader.GetFieldValue<DateTimeOffset>(_reader.GetOrdinal(column)).ToUniversalTime();

    public DateTimeOffset? TimeOrNull(string column) => IsNull(column) ? null : Time(column);
}
