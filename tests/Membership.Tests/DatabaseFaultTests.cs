using NovaOrleans.Outcomes;
using NovaOrleans.Silo.Hosting;
using Npgsql;

namespace NovaOrleans.Membership;

/// <summary>What a database's driver throws is told to callers, who have no driver, as what it is.</summary>
public sealed class DatabaseFaultTests
{
    [Fact]
    public void A_drivers_exception_is_an_operating_fault_that_may_be_retried_however_deep_it_lies()
    {
        var thrown = new NpgsqlException("the database system is starting up");

        OperatingFaultException bare = DatabaseFaults.Of(thrown)!;
        OperatingFaultException wrapped = DatabaseFaults.Of(new OrleansException("storage", new OrleansException("read", thrown)))!;

        Assert.All([bare, wrapped], fault => Assert.Equal(
            ("the database did not do it: the database system is starting up", true), (fault.Message, fault.MayRetry)));
    }

    [Fact]
    public void Anything_else_stays_what_it_is() =>
        Assert.Null(DatabaseFaults.Of(new InvalidOperationException("a bug", new TimeoutException())));
}
