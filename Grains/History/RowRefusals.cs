namespace NovaOrleans.History;

/// <summary>Refusals that more than one kind of row gives.</summary>
public static class RowRefusals
{
    public static Refusal KeyReused(RequestKey key, Guid subject) => new(
        RefusalCode.KeyReused,
        $"Idempotency-Key '{key.Key}' was used before with another body; it made {subject}.",
        subject.ToString(),
        "Idempotency-Key");
}
