using Npgsql;

namespace NovaOrleans.Api;

/// <summary><c>--database</c>, as it is given.</summary>
public static class ConnectionStrings
{
    /// <summary>Why this is no connection string; it is not repeated, for it may hold a password. Null if it is one.</summary>
    public static string? FaultOf(string database)
    {
        const string accepted = "accepted is Npgsql's form, as in Host=10.0.0.5;Database=nova;Username=nova.";
        if (database.Contains("://", StringComparison.Ordinal))
        {
            return $"--database is a URI; {accepted}";
        }

        try
        {
            return new NpgsqlConnectionStringBuilder(database).Host switch
            {
                null or "" => $"--database names no Host; {accepted}",
                // As libpq's form has them.
                var host when host.Contains('=', StringComparison.Ordinal) => $"--database has no ';' between its settings; {accepted}",
                _ => null,
            };
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            string why = e is ArgumentException { ParamName: { } word }
                ? $"'{word}' is no setting of one, or has a value that it cannot have" : "it is not made of NAME=VALUE;NAME=VALUE";
            return $"--database is no connection string: {why}; {accepted}";
        }
    }
}
