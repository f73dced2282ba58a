using System.Data.Common;
using System.Threading.Channels;

namespace NovaOrleans.Ledger;

/// <summary>
/// Whatever statements wait, of one piece of work or of many, travel in one round trip. To wait for the database and be woken costs
/// both sides more than most statements do: 500 binds a second, each a dozen statements, kept a connection busy with nothing else.
/// </summary>
/// <param name="connection">Takes them.</param>
/// <param name="commits">There is one round, which is a transaction and commits by itself.</param>
internal sealed class StatementRounds(LedgerConnection connection, bool commits = false) : IStatements
{
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });

    public SqlDialect Dialect => connection.Dialect;

    public bool Commits => commits;

    /// <summary>Sends what waits, as the only round.</summary>
    /// <exception cref="DbException">The database did not take it; those who wait are told so too.</exception>
    public async Task SendOnly()
    {
        _waiting.Writer.Complete();
        if (await Send(TakeWaiting()) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>What the work comes to, of which the sessions are over these rounds: its statements are sent until it is done.</summary>
    public async Task<T> Until<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            List<Waiting> round = TakeWaiting();
            if (round.Count == 0)
            {
                await Task.WhenAny(work, _waiting.Reader.WaitToReadAsync().AsTask());
                continue;
            }

            await Send(round);
        }

        return await work;
    }

    public async Task<int> Execute(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters) =>
        (await Sent(new Statement(sql, parameters, null))).Affected;

    public Task Query(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters, Action<DbDataReader> onRow) =>
        Sent(new Statement(sql, parameters, onRow));

    private Task<Statement> Sent(Statement statement)
    {
        Waiting waiting = new(statement);
        return _waiting.Writer.TryWrite(waiting) ? waiting.Sent : throw new InvalidOperationException("the rounds are over");
    }

    private List<Waiting> TakeWaiting()
    {
        List<Waiting> round = [];
        while (_waiting.Reader.TryRead(out Waiting? waiting))
        {
            round.Add(waiting);
        }

        return round;
    }

    /// <summary>Whoever has an answer goes on here, up to its next statement.</summary>
    private async Task<Exception?> Send(List<Waiting> round)
    {
        try
        {
            await connection.Send([.. round.Select(w => w.Statement)]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            round.ForEach(w => w.Fail(e));
            return e;
        }

        round.ForEach(w => w.Answer());
        return null;
    }

    private sealed class Waiting(Statement statement)
    {
        private readonly TaskCompletionSource<Statement> _sent = new();

        public Statement Statement => statement;

        public Task<Statement> Sent => _sent.Task;

        public void Answer() => _sent.SetResult(statement);

        public void Fail(Exception fault) => _sent.SetException(fault);
    }
}
