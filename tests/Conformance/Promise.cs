namespace NovaOrleans.Conformance;

/// <summary>
/// One promise of the contract. <paramref name="Name"/> is what a report and <c>--only</c> call it, <paramref name="Says"/> one
/// sentence, <paramref name="Rows"/> the seed's; it is looked at where all of <paramref name="Needs"/> are held, since without those
/// nothing could be said of it. <paramref name="Keep"/> throws a <see cref="BrokenPromiseException"/> with the precise reason.
/// </summary>
internal sealed record Promise(string Name, string Says, string Rows, string Needs, Func<Trial, Task> Keep)
{
    public IReadOnlyList<string> RowList => Rows.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    public IReadOnlyList<string> NeedList => Needs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The plug-in does not do what it promises; the message is the sentence in the report.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message)
{
    /// <summary>Why a promise is broken by what was thrown: whatever else a plug-in throws is its own fault, and said so.</summary>
    internal static string ReasonIn(Exception thrown) =>
        thrown is BrokenPromiseException ? thrown.Message : $"{thrown.GetType().Name}: {thrown.Message}";

    /// <summary>Throws where it is not so.</summary>
    public static void Unless(bool kept, string reason)
    {
        if (!kept)
        {
            throw new BrokenPromiseException(reason);
        }
    }

    /// <summary>A plug-in's answer that must not be a refusal.</summary>
    public static T Given<T>(Outcome<T> answer, string what) => answer.Try(out T? value, out Refusal? refusal)
        ? value : throw new BrokenPromiseException($"{what} was refused: {refusal}");

    /// <inheritdoc cref="Given{T}"/>
    public static void Done(Outcome answer, string what)
    {
        if (answer.Refused)
        {
            throw new BrokenPromiseException($"{what} was refused: {answer.Refusal}");
        }
    }
}
