namespace NovaOrleans.Vocabulary;

/// <summary>What a caller may do; each role may do what the one before may.</summary>
[GenerateSerializer, Alias("nova.Role")]
public enum Role
{
    /// <summary>No role was given.</summary>
    None = 0,

    /// <summary>Sees what its project has.</summary>
    Reader = 1,

    /// <summary>Makes, changes and deletes what its project has.</summary>
    Member = 2,

    /// <summary>Administers the cloud, with all its projects.</summary>
    Admin = 3,
}
