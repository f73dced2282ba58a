namespace NovaOrleans.Projects;

/// <summary>What is kept of a project, as grain state named "project".</summary>
[GenerateSerializer, Alias("nova.grains.ProjectState")]
public sealed class ProjectState
{
    [Id(0)]
    public DateTimeOffset? CreatedAt { get; set; }

    [Id(1)]
    public string? Name { get; set; }

    /// <summary>The network service of a project that was kept before the association was a row of the ledger.</summary>
    [Id(2)]
    public string? Service { get; set; }
}

/// <summary>The ids of all projects, as grain state named "project-list".</summary>
[GenerateSerializer, Alias("nova.grains.ProjectListState")]
public sealed class ProjectListState
{
    [Id(0)]
    public SortedSet<string> Projects { get; set; } = [];
}
