using System.Diagnostics.CodeAnalysis;

namespace NovaOrleans.Outcomes;

/// <summary>A value or a <see cref="Refusal"/>; there is no third thing. Faults of operation are exceptions.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.Outcome`1")]
public readonly record struct Outcome<T>
{
    [Id(0)]
    private readonly T? _value;

    [Id(1)]
    public Refusal? Refusal { get; }

    private Outcome(T? value, Refusal? refusal) => (_value, Refusal) = (value, refusal);

    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool Refused => Refusal is not null;

    /// <summary>The value; asking a refused outcome for it is a bug and throws.</summary>
    public T Value => Refusal is null ? _value! : throw new InvalidOperationException($"refused: {Refusal}");

    public bool Try([MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Refusal? refusal)
    {
        (value, refusal) = (_value, Refusal);
        return Refusal is null;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>Done, or a <see cref="Refusal"/>.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.Outcome")]
public readonly record struct Outcome
{
    [Id(0)]
    public Refusal? Refusal { get; }

    private Outcome(Refusal? refusal) => Refusal = refusal;

    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool Refused => Refusal is not null;

    public static Outcome Done => default;

    /// <summary>A value whose type is an interface: C# has no implicit conversion from those.</summary>
    public static Outcome<T> Of<T>(T value) => value;

    public static implicit operator Outcome(Refusal refusal) => new(refusal);
}
