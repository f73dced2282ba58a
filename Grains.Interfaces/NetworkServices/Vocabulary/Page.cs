namespace NovaOrleans.Vocabulary;

/// <summary>
/// One page of a list ordered by row id: at most <paramref name="Limit"/> (1 to 1,000) rows after <paramref name="Marker"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.Page")]
public sealed record Page(int Limit = 1000, Guid? Marker = null);
