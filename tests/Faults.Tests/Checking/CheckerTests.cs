namespace NovaOrleans.Faults;

/// <summary>A checker that finds nothing is worth nothing: each rule finds the history that breaks it, and names the calls.</summary>
public sealed class CheckerTests
{
    private readonly Script _script = new();

    [Fact]
    public void A_history_with_repeats_reuse_and_doubt_in_which_all_is_kept_has_no_findings()
    {
        _script.Unknown(Verb.Create, 0, 1, "k1", "net0");
        _script.Create(1, 2, "k1", "a", "10.0.0.2");
        _script.Create(3, 4, "k1", "a", "10.0.0.2");
        _script.Show(4, 5, "a", "10.0.0.2");
        _script.Unknown(Verb.Delete, 6, 11, "k2", "a");
        // From the delete's beginning the address may be anybody's, also before it was told done.
        _script.Create(7, 8, "k3", "b", "10.0.0.2");
        _script.NotFound(Verb.Show, 8, 9, "k4", "a");
        _script.NotFound(Verb.Delete, 12, 13, "k2", "a");
        _script.Create(7, 8, "k5", "c", "10.0.0.2", network: "net1");
        _script.Remains("b", "10.0.0.2");
        _script.Remains("c", "10.0.0.2");

        Assert.Empty(_script.Check());
    }

    [Fact]
    public void An_address_that_two_were_told_at_once()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.Create(2, 3, "k2", "b", "10.0.0.2");
        _script.Delete(4, 5, "k3", "a");
        _script.Remains("b", "10.0.0.2");

        Finds(Checker.HeldTwice, "#1 ", "#2 ");
    }

    [Fact]
    public void An_address_that_two_were_told_at_once_with_a_third_between_them()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.Create(2, 3, "k2", "b", "10.0.0.2");
        _script.Delete(3, 4, "k3", "b");
        _script.Create(5, 6, "k4", "c", "10.0.0.2");
        _script.Remains("a", "10.0.0.2");
        _script.Remains("c", "10.0.0.2");

        Finds(Checker.HeldTwice, "#1 ", "#4 ");
    }

    [Fact]
    public void An_allocation_that_a_reader_does_not_find()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.NotFound(Verb.Show, 2, 3, "k2", "a");
        _script.Remains("a", "10.0.0.2");

        Finds(Checker.Lost, "#1 ", "#2 ");
    }

    [Fact]
    public void An_allocation_that_the_first_delete_does_not_find()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.NotFound(Verb.Delete, 2, 3, "k2", "a");

        Finds(Checker.Lost, "#1 ", "#2 ");
    }

    [Fact]
    public void An_allocation_that_is_not_there_in_the_end()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");

        Finds(Checker.Lost, "#1 ");
    }

    [Fact]
    public void An_allocation_whose_address_changes()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.Show(2, 3, "a", "10.0.0.3");
        _script.Remains("a", "10.0.0.2");

        Finds(Checker.Lost, "#1 ", "#2 ");
    }

    [Fact]
    public void An_allocation_that_has_another_address_in_the_end()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.Remains("a", "10.0.0.3");

        Finds(Checker.Lost, "#1 ");
    }

    [Fact]
    public void A_release_that_is_found_again()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.Delete(2, 3, "k2", "a");
        _script.Show(4, 5, "a", "10.0.0.2");

        Finds(Checker.Undone, "#2 ", "#3 ");
    }

    [Fact]
    public void A_release_that_is_there_in_the_end()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.Delete(2, 3, "k2", "a");
        _script.Remains("a", "10.0.0.2");

        Finds(Checker.Undone, "#2 ");
    }

    [Fact]
    public void An_instance_may_be_seen_while_its_host_tears_it_down()
    {
        void Seen(double at, string status) => _script.Add(
            Kind.Server, Verb.Show, $"s{at}", "vm", at, at + 1, c => c with { Answer = new Thing("vm", null, null, status) });
        _script.Add(Kind.Server, Verb.Create, "k1", "net0", 0, 1, c => c with { Answer = new Thing("vm", null, null, "BUILD") });
        _script.Add(Kind.Server, Verb.Delete, "k2", "vm", 2, 3, c => c with { Status = 204 });
        Seen(4, "DELETING");
        Assert.Empty(_script.Check());

        Seen(6, "ACTIVE");
        Finds(Checker.Undone, "#2 ", "#4 ");
    }

    [Fact]
    public void An_outcome_that_nobody_ever_learnt()
    {
        _script.Unknown(Verb.Create, 0, 1, "k1", "net0");
        _script.Unknown(Verb.Create, 2, 3, "k1", "net0");

        Finds(Checker.Unresolved, "#1 ");
    }

    [Fact]
    public void A_repeat_that_is_answered_with_another_thing()
    {
        _script.Create(0, 1, "k1", "a", "10.0.0.2");
        _script.Create(2, 3, "k1", "b", "10.0.0.3");
        _script.Remains("a", "10.0.0.2");
        _script.Remains("b", "10.0.0.3");

        Finds(Checker.Unresolved, "#1 ", "#2 ");
    }

    [Fact]
    public void Something_that_nobody_was_told_of()
    {
        _script.Unknown(Verb.Create, 0, 1, "k1", "net0");
        _script.Create(2, 3, "k1", "a", "10.0.0.2");
        _script.Remains("a", "10.0.0.2");
        _script.Remains("b", "10.0.0.3", "k1");

        Finds(Checker.Untold, "b", "10.0.0.3", "k1");
    }

    [Fact]
    public void A_host_that_has_less_more_or_older_things_than_the_ledger()
    {
        _script.Hosts.Add(new("host2", "LIVE", 9, 8, ["nv2", "nv3"], ["nv3", "nv4"]));
        _script.Hosts.Add(new("host3", "LOST", 1, 1, [], []));

        string[] found = [.. _script.Check().Select(f => f.ToString())];
        Assert.Equal(4, found.Length);
        Assert.All(found, f => Assert.StartsWith(Checker.HostDiffers, f, StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains("8 of 9", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains("no nv2", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains("has nv4", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Contains("LOST", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_audit_finds()
    {
        _script.Audit.Add("address 10.0.0.2 is held 2 times");

        Finds(Checker.AuditFound, "10.0.0.2");
    }

    [Fact]
    public void An_answer_that_is_a_bug()
    {
        _script.Add(Kind.Card, Verb.Show, "k1", "a", 0, 1, c => c with { Outcome = Outcome.Unknown, Status = 500 });
        _script.NotFound(Verb.Show, 2, 3, "k1", "a");

        Finds(Checker.Broken, "#1 ");
    }

    /// <summary>Exactly one finding, by this rule, that names these.</summary>
    private void Finds(string rule, params string[] named)
    {
        Finding found = Assert.Single(_script.Check());
        Assert.Equal(rule, found.Rule);
        Assert.All(named, n => Assert.Contains(n, found.Sentence, StringComparison.Ordinal));
    }
}
