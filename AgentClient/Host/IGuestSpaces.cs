namespace NovaOrleans.Agent.Host;

/// <summary>The kernel namespaces that guests live in, and the processes in them.</summary>
public interface IGuestSpaces
{
    bool Exists(string space);

    /// <summary>Made, or there already.</summary>
    Task Create(string space, CancellationToken stop);

    /// <summary>Runs a script in it, with <paramref name="argument"/>, as a process that outlives the agent.</summary>
    Task Launch(string space, string script, string argument, CancellationToken stop);

    /// <summary>Ends every process in it, by its id.</summary>
    Task EndAll(string space, CancellationToken stop);

    /// <summary>Gone, with what is plugged into it.</summary>
    Task Delete(string space, CancellationToken stop);
}
