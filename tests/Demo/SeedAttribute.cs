namespace NovaOrleans.Demo;

/// <summary>An act shows this row of the seed, as the trait of that name says it of a test.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class SeedAttribute(string row) : Attribute
{
    public string Row { get; } = row;
}
