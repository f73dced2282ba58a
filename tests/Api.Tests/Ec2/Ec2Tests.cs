using System.Globalization;
using System.Xml.Linq;
using NovaOrleans.Api.Ec2.Signing;
using NovaOrleans.Ec2;

namespace NovaOrleans.Api.Ec2;

/// <summary>EC2's Query API as a signing client sees it: who gets in, what is refused and in which words.</summary>
[Collection("facade")]
public sealed class Ec2Tests(Facade facade) : IAsyncLifetime
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private Ec2Key _key = null!;

    public async Task InitializeAsync()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"cloudy"}""");
        IEc2KeyRingGrain ring = facade.Grains.GetGrain<IEc2KeyRingGrain>("cloudy");
        _key = await ring.Newest() ?? (await ring.Create("test", null)).Value;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    [Trait("seed", "S55")]
    public async Task A_signed_request_is_answered_in_the_namespace_of_its_version()
    {
        XElement answer = await Ask("DescribeRegions", ("Version", "2010-08-31"));

        Assert.Equal("{http://ec2.amazonaws.com/doc/2010-08-31/}DescribeRegionsResponse", answer.Name.ToString());
        Assert.Equal("nova", Value(answer, "regionName"));
        Assert.EndsWith("/services/Cloud", Value(answer, "regionEndpoint"), StringComparison.Ordinal);
        Assert.Equal("available", Value(await Ask("DescribeAvailabilityZones"), "zoneState"));
        Assert.StartsWith("ami-", Value(await Ask("DescribeImages"), "imageId"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_sign_rightly_and_now_is_refused_by_the_code_that_clients_know()
    {
        Assert.Equal("SignatureDoesNotMatch", await Refused(403, "DescribeRegions", key: _key with { Secret = "another" }));
        Assert.Equal("InvalidClientTokenId", await Refused(403, "DescribeRegions", key: _key with { AccessKey = "NOBODY" }));
        Assert.Equal("RequestExpired", await Refused(400, "DescribeRegions", age: TimeSpan.FromMinutes(16)));
        Assert.Equal("RequestExpired", await Refused(400, "DescribeRegions", age: TimeSpan.FromMinutes(-16)));
        Answer unsigned = await facade.Send("GET", "/services/Cloud?Action=DescribeRegions");
        Assert.Equal((403, "MissingAuthenticationToken"), (unsigned.Status, Code(unsigned.Xml)));
        await Ask("DescribeRegions", age: TimeSpan.FromMinutes(14));
    }

    [Fact]
    public async Task A_deleted_key_signs_nothing_any_more()
    {
        Answer made = await facade.Send("POST", "/v1.1/projects/cloudy/ec2_keys", headers: ("Idempotency-Key", "one"));
        Answer again = await facade.Send("POST", "/v1.1/projects/cloudy/ec2_keys", headers: ("Idempotency-Key", "one"));
        Assert.Equal((201, made.Text), (made.Status, again.Text));
        string access = (string)made.Json["ec2_key"]!["access_key"]!;
        string secret = (string)made.Json["ec2_key"]!["secret_key"]!;
        Ec2Key key = new(access, secret, _key.Project);
        Assert.DoesNotContain(secret, key.ToString(), StringComparison.Ordinal);
        await Ask("DescribeRegions", key: key);
        Answer list = await facade.Send("GET", "/v1.1/projects/cloudy/ec2_keys");
        Assert.Contains(access, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list.Text, StringComparison.Ordinal);

        Assert.Equal(204, (await facade.Send("DELETE", $"/v1.1/projects/cloudy/ec2_keys/{access}")).Status);

        Assert.Equal("InvalidClientTokenId", await Refused(403, "DescribeRegions", key: key));
        Assert.Equal(404, (await facade.Send("DELETE", $"/v1.1/projects/cloudy/ec2_keys/{access}")).Status);
        Assert.Equal(404, (await facade.Send("POST", "/v1.1/projects/nobody/ec2_keys")).Status);
    }

    [Fact]
    public async Task A_project_has_twenty_keys_at_most()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"keyed"}""");
        for (int i = 0; i < Ec2Key.MostOfProject; i++)
        {
            Assert.Equal(201, (await facade.Send("POST", "/v1.1/projects/keyed/ec2_keys")).Status);
        }

        Answer refused = await facade.Send("POST", "/v1.1/projects/keyed/ec2_keys");
        Assert.Equal((413, "quotaExceeded"), (refused.Status, refused.Json.Single().Key));
    }

    [Fact]
    [Trait("seed", "S14"), Trait("seed", "S85")]
    public async Task A_launch_makes_an_instance_with_one_NIC_each_and_more_NICs_are_refused()
    {
        (string, string)[] launch = await Launch(2, 3);
        XElement made = await Ask("RunInstances", [.. launch, ("ClientToken", "twice")]);
        string[] ids = Values(made, "instanceId");
        Assert.Equal(3, ids.Length);
        Assert.Equal(["0", "1", "2"], Values(made, "amiLaunchIndex"));
        Assert.Single(made.Descendants(), e => e.Name.LocalName == "reservationId");
        Assert.Equal(3, Values(made, "macAddress").Distinct().Count());
        Assert.Equal(["m1.small"], Values(made, "instanceType").Distinct());

        XElement again = await Ask("RunInstances", [.. launch, ("ClientToken", "twice")]);
        Assert.Equal(ids, Values(again, "instanceId"));
        Assert.Equal(Value(made, "reservationId"), Value(again, "reservationId"));
        Assert.Equal("IdempotentParameterMismatch", await Refused(
            400, "RunInstances", [.. launch, ("ClientToken", "twice"), ("KeyName", "other")]));
        Assert.Equal("UnsupportedOperation", await Refused(
            400, "RunInstances",
            [.. launch, ("NetworkInterface.1.DeviceIndex", "0"), ("NetworkInterface.2.DeviceIndex", "1")]));

        XElement shown = await Ask("DescribeInstances", ("InstanceId.1", ids[1]), ("InstanceId.2", ids[0]));
        Assert.Equal([ids[1], ids[0]], Values(shown, "instanceId"));
        XElement filtered = await Ask(
            "DescribeInstances", ("Filter.1.Name", "instance-id"), ("Filter.1.Value.1", ids[2]));
        Assert.Equal([ids[2]], Values(filtered, "instanceId"));
        XElement ended = await Ask("TerminateInstances", [.. ids.Select((id, i) => ($"InstanceId.{i + 1}", id))]);
        Assert.Equal(3, Values(ended, "previousState").Length);
    }

    [Theory]
    [InlineData("InvalidAMIID.NotFound", "ImageId", "ami-00000000")]
    [InlineData("InvalidParameterValue", "InstanceType", "t9.huge")]
    [InlineData("InvalidParameterValue", "MinCount", "0")]
    [InlineData("InvalidParameterValue", "UserData", "not base64")]
    [InlineData("InvalidParameterValue", "Placement.AvailabilityZone", "eu-west-1")]
    [InlineData("InvalidParameterValue", "Monitoring.Enabled", "true")]
    [InlineData("UnknownParameter", "BlockDeviceMapping.1.DeviceName", "/dev/sda")]
    [InlineData("UnsupportedOperation", "DryRun", "true")]
    public async Task A_launch_that_asks_for_what_is_not_here_is_told_so(string code, string name, string value)
    {
        (string Name, string Value)[] launch = [.. (await Launch(1, 1)).Where(p => p.Item1 != name), (name, value)];
        Assert.Equal(code, await Refused(400, "RunInstances", launch));
    }

    [Fact]
    public async Task All_faults_of_a_request_are_told_together()
    {
        Answer answer = await Send("RunInstances", [("InstanceType", "t9.huge"), ("Shape", "round")], _key, TimeSpan.Zero);
        Assert.Equal(
            ["MissingParameter", "InvalidParameterValue", "MissingParameter", "MissingParameter", "UnknownParameter"],
            Values(answer.Xml, "Code"));
    }

    [Theory]
    [InlineData("InvalidInstanceID.Malformed", "i-1")]
    [InlineData("InvalidInstanceID.NotFound", "i-7fffffff")]
    public async Task An_unknown_instance_is_named(string code, string id)
    {
        Assert.Equal(code, await Refused(400, "DescribeInstances", ("InstanceId.1", id)));
        Assert.Equal(code, await Refused(400, "TerminateInstances", ("InstanceId.1", id)));
    }

    [Fact]
    public async Task Another_projects_instances_are_not_there()
    {
        string id = Value(await Ask("RunInstances", await Launch(1, 1)), "instanceId");
        await facade.Send("POST", "/v1.1/projects", """{"id":"stranger"}""");
        Ec2Key other = (await facade.Grains.GetGrain<IEc2KeyRingGrain>("stranger").Create("test", null)).Value;

        Assert.Equal("InvalidInstanceID.NotFound", await Refused(400, "TerminateInstances", key: other, more: [("InstanceId.1", id)]));
        Assert.DoesNotContain(id, Values(await Ask("DescribeInstances", key: other), "instanceId"));
    }

    [Fact]
    [Trait("seed", "S54")]
    public async Task There_is_no_management_of_networks()
    {
        Assert.Equal("InvalidAction", await Refused(400, "CreateSubnet"));
        Assert.Equal("InvalidAction", await Refused(400, "CreateNetworkInterface"));
        foreach (string path in (string[])["networks", "vlan/networks", "blue/networks"])
        {
            Assert.Equal(404, (await facade.Send("GET", $"/services/Cloud/{path}", project: "blue")).Status);
        }
    }

    private async Task<(string, string)[]> Launch(int least, int most)
    {
        string image = Value(await Ask("DescribeImages"), "imageId");
        return [("ImageId", image), ("InstanceType", "m1.small"), ("MinCount", $"{least}"), ("MaxCount", $"{most}")];
    }

    private Task<XElement> Ask(string action, params (string, string)[] more) => Ask(action, _key, more: more);

    private async Task<XElement> Ask(
        string action, Ec2Key? key = null, TimeSpan age = default, (string, string)[]? more = null)
    {
        Answer answer = await Send(action, more ?? [], key ?? _key, age);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("text/xml", answer.Type);
        return answer.Xml;
    }

    private Task<string> Refused(int status, string action, params (string, string)[] more) =>
        Refused(status, action, _key, more: more);

    private async Task<string> Refused(
        int status, string action, Ec2Key? key = null, TimeSpan age = default, (string, string)[]? more = null)
    {
        Answer answer = await Send(action, more ?? [], key ?? _key, age);
        Assert.Equal((status, "Response"), (answer.Status, answer.Xml.Name.LocalName));
        return Code(answer.Xml);
    }

    /// <summary>Signs with version 2 and sends as a form; version 4 is for the stock client to show.</summary>
    private Task<Answer> Send(string action, (string, string)[] more, Ec2Key key, TimeSpan age)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("Action", action), new("AWSAccessKeyId", key.AccessKey), new("SignatureMethod", SignatureV2.Sha256),
            new("SignatureVersion", "2"),
            new("Timestamp", (TimeProvider.System.GetUtcNow() - age).ToString(Time, CultureInfo.InvariantCulture)),
            .. more.Select(p => KeyValuePair.Create(p.Item1, p.Item2)),
        ];
        Dictionary<string, string> headers = new() { ["host"] = facade.Address.Authority };
        SignedMessage message = new("POST", "/services/Cloud", [], form, headers, default);
        form.Add(new("Signature", Convert.ToBase64String(SignatureV2.Of(key.Secret, message, SignatureV2.Sha256))));
        return facade.Send(
            "POST", "/services/Cloud", SignedMessage.Canonical(form),
            headers: ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"));
    }

    private static string Code(XElement fault) => Value(fault, "Code");

    private static string Value(XElement answer, string name) => Values(answer, name)[0];

    private static string[] Values(XElement answer, string name) =>
        [.. answer.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value)];
}
