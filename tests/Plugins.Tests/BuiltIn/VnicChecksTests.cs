using NovaOrleans.Outcomes;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

public sealed class VnicChecksTests
{
    private static readonly ServicePath s_vlan = ServicePath.Parse("nova.network.vlan");

    [Fact]
    [Trait("seed", "S83")]
    public void Every_vnic_that_cannot_be_used_is_told_with_its_reason()
    {
        VnicView[] cards =
        [
            Card(1), Card(2) with { Project = ProjectId.Parse("red") },
            Card(3) with { Service = ServicePath.Parse("nova.network.flat") }, Card(4) with { Instance = Given.Instance(9) },
        ];
        VnicId[] asked = [Given.Vnic(1), Given.Vnic(2), Given.Vnic(3), Given.Vnic(4), Given.Vnic(5), Given.Vnic(1)];
        Refusal refusal = VnicChecks.Unusable(s_vlan, Given.Blue, asked, cards)!;
        Assert.Equal(
            [
                (RefusalCode.VnicNotFound, Given.Vnic(2)), (RefusalCode.Conflict, Given.Vnic(3)),
                (RefusalCode.AlreadyAttached, Given.Vnic(4)), (RefusalCode.VnicNotFound, Given.Vnic(5)),
                (RefusalCode.MalformedRequest, Given.Vnic(1)),
            ],
            refusal.More.Prepend(refusal).Select(f => (f.Code, new VnicId(Guid.Parse(f.Subject!)))));
    }

    [Fact]
    public void A_bound_vnic_may_be_bound_again_but_not_launched_again()
    {
        VnicView[] cards = [Card(1) with { Instance = Given.Instance(9) }];
        Assert.Null(VnicChecks.Missing(s_vlan, Given.Blue, [Given.Vnic(1)], cards));
        Assert.NotNull(VnicChecks.Unusable(s_vlan, Given.Blue, [Given.Vnic(1)], cards));
    }

    private static VnicView Card(int number) => new(
        number, Given.Vnic(number), s_vlan, Given.Blue, Given.Mac(number), null, [], null, null, 0, 1,
        DateTimeOffset.UnixEpoch);
}
