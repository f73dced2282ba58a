namespace NovaOrleans.Outcomes;

/// <summary>
/// A call that may be made again, with the same arguments, while it is not known what became of it: done twice it is as if done
/// once, and answers alike. A method without it is called once. On an interface it holds for all of its methods.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class RepeatableAttribute : Attribute
{
    /// <summary>
    /// Only with a <see cref="RequestKey"/> among the arguments: without one every call makes something new.
    /// </summary>
    public bool ByKey { get; init; }

    /// <summary>
    /// What a deletion answers where there is nothing (any more). As the answer to a repeat it means that the call before was done.
    /// </summary>
    public RefusalCode Gone { get; init; } = NotGone;

    internal const RefusalCode NotGone = (RefusalCode)(-1);

    /// <summary>Whether this refusal of a repeat says that an earlier try did what was asked.</summary>
    public bool MeansDone(RefusalCode refused) => Gone != NotGone && refused == Gone;
}

/// <summary>A command that says by which key it is found again.</summary>
public interface IKeyed
{
    RequestKey? Key { get; }
}
