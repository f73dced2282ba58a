namespace NovaOrleans.Ledger;

/// <summary>
/// A unique index refused a row. <see cref="Constraint"/> is the index's name in the migration; for a column's own
/// <c>unique</c> it is <c>table_column_key</c>, for a primary key <c>table_pkey</c>, on both databases. Work that
/// catches it can only end with a refusal: its writes are taken back.
/// </summary>
public sealed class LedgerConflictException(string constraint)
    : Exception($"the unique index {constraint} refused a row")
{
    public string Constraint { get; } = constraint;
}
