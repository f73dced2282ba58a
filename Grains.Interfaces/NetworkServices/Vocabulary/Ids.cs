namespace NovaOrleans.Vocabulary;

/// <summary>A network's UUID.</summary>
[GenerateSerializer, Immutable, Alias("nova.NetworkId")]
public readonly record struct NetworkId([property: Id(0)] Guid Value)
{
    public static NetworkId New() => new(Uuid.New());
    public override string ToString() => Value.ToString();
}

/// <summary>A virtual NIC's UUID. For the built-in services a virtual NIC is an ethernet card (seed S79).</summary>
[GenerateSerializer, Immutable, Alias("nova.VnicId")]
public readonly record struct VnicId([property: Id(0)] Guid Value)
{
    public static VnicId New() => new(Uuid.New());

    /// <summary>Of the VNIC with this number that a request makes: its key's (<see cref="RequestKey.IdOf"/>), or a new one.</summary>
    public static VnicId Of(RequestKey? key, int number = 0) => key?.IdOf(number) is { } id ? new(id) : New();

    public override string ToString() => Value.ToString();
}

/// <summary>A port's UUID. For the built-in services a port is a fixed IP (seed S79).</summary>
[GenerateSerializer, Immutable, Alias("nova.PortId")]
public readonly record struct PortId([property: Id(0)] Guid Value)
{
    public static PortId New() => new(Uuid.New());
    public override string ToString() => Value.ToString();
}

/// <summary>An instance's UUID.</summary>
[GenerateSerializer, Immutable, Alias("nova.InstanceId")]
public readonly record struct InstanceId([property: Id(0)] Guid Value)
{
    public static InstanceId New() => new(Uuid.New());
    public override string ToString() => Value.ToString();
}

/// <summary>A security group's UUID.</summary>
[GenerateSerializer, Immutable, Alias("nova.SecurityGroupId")]
public readonly record struct SecurityGroupId([property: Id(0)] Guid Value)
{
    public static SecurityGroupId New() => new(Uuid.New());
    public override string ToString() => Value.ToString();
}

/// <summary>The UUID of one rule of a security group.</summary>
[GenerateSerializer, Immutable, Alias("nova.SecurityRuleId")]
public readonly record struct SecurityRuleId([property: Id(0)] Guid Value)
{
    public static SecurityRuleId New() => new(Uuid.New());
    public override string ToString() => Value.ToString();
}

/// <summary>A floating IP's UUID.</summary>
[GenerateSerializer, Immutable, Alias("nova.FloatingIpId")]
public readonly record struct FloatingIpId([property: Id(0)] Guid Value)
{
    public static FloatingIpId New() => new(Uuid.New());
    public override string ToString() => Value.ToString();
}

/// <summary>A project's id: 1 to 64 of <c>a-z A-Z 0-9 . _ -</c>, beginning with a letter or digit.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.ProjectId")]
public readonly record struct ProjectId
{
    [Id(0)]
    private readonly string? _value;

    private ProjectId(string value) => _value = value;

    public string Value => _value ?? "";

    public const string Accepts = "1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit";

    public static bool TryParse(string? text, out ProjectId id)
    {
        bool good = Names.IsIdentifier(text, 64);
        id = good ? new ProjectId(text!) : default;
        return good;
    }

    public static ProjectId Parse(string text) =>
        TryParse(text, out ProjectId id) ? id : throw new FormatException($"'{text}' is no project id: {Accepts}");

    public override string ToString() => Value;
}

/// <summary>A compute host's name: 1 to 63 of <c>a-z A-Z 0-9 . _ -</c>, beginning with a letter or digit.</summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.HostName")]
public readonly record struct HostName
{
    [Id(0)]
    private readonly string? _value;

    private HostName(string value) => _value = value;

    public string Value => _value ?? "";

    public const string Accepts = "1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit";

    public static bool TryParse(string? text, out HostName name)
    {
        bool good = Names.IsIdentifier(text, 63);
        name = good ? new HostName(text!) : default;
        return good;
    }

    public static HostName Parse(string text) =>
        TryParse(text, out HostName name) ? name : throw new FormatException($"'{text}' is no host name: {Accepts}");

    public override string ToString() => Value;
}
