using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// The way from the actual host to the desired one, as a value: ordered steps that print as text and can be compared.
/// Empty means converged.
/// </summary>
public sealed class Plan
{
    /// <summary>Steps are run by phase, and within a phase in the order given.</summary>
    public Plan(IEnumerable<Step> steps) => Steps = [.. steps.OrderBy(s => s.Phase)];

    public IReadOnlyList<Step> Steps { get; }

    public bool IsEmpty => Steps.Count == 0;

    public IEnumerable<IGrouping<Phase, Step>> Phases => Steps.GroupBy(s => s.Phase);

    /// <summary>
    /// One line a step; a step's further lines are indented below it. An empty plan prints as nothing.
    /// </summary>
    public override string ToString()
    {
        StringBuilder text = new();
        foreach (Step step in Steps)
        {
            text.Append(step.ToString().Replace("\n", "\n    ", StringComparison.Ordinal)).Append('\n');
        }

        return text.ToString();
    }
}
