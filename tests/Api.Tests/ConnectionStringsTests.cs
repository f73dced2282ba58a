namespace NovaOrleans.Api.Tests;

/// <summary>What stands for a database on the command line, and what people write there from habit.</summary>
public sealed class ConnectionStringsTests
{
    [Theory]
    [InlineData("Host=10.0.0.5;Database=nova;Username=nova")]
    [InlineData("Server=/var/run/postgresql;Port=5433;Database=nova;Maximum Pool Size=20")]
    [InlineData("Host=one,two;Database=nova;Target Session Attributes=primary")]
    public void What_Npgsql_takes_is_taken(string database) => Assert.Null(ConnectionStrings.FaultOf(database));

    [Theory]
    [InlineData("postgres://nova:secret@db/nova", "is a URI;")]
    [InlineData("", "names no Host;")]
    [InlineData("Database=nova;Password=secret", "names no Host;")]
    [InlineData("host=db dbname=nova password=secret port=5", "has no ';' between its settings")]
    [InlineData("secret", "it is not made of NAME=VALUE;NAME=VALUE;")]
    [InlineData("Host=db;Colour=secret", "'colour' is no setting of one")]
    [InlineData("Host=db;Port=secret", "'port' is no setting of one, or has a value that it cannot have;")]
    [InlineData("Host=db;Port=0", "'port'")]
    public void Anything_else_is_refused_in_a_sentence_that_repeats_no_value(string database, string sentence)
    {
        string? fault = ConnectionStrings.FaultOf(database);
        Assert.Contains(sentence, fault, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("as in Host=10.0.0.5;Database=nova;Username=nova.", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }
}
