namespace NovaOrleans.Instances;

/// <summary>What a launch said of an instance beside its network; columns of the instance's row.</summary>
public static class LaunchRows
{
    /// <summary>In the commit of the intent, where there is something to keep.</summary>
    public static async Task Insert(LedgerSession session, InstanceId id, CreateInstance command)
    {
        if (command.Launch == LaunchDetails.None && command.UserData is null)
        {
            return;
        }

        await session.Execute(
            """
            update instances set reservation_id = @reservation, launch_index = @index, key_name = @key, user_data = @data
             where uuid = @id
            """,
            ("reservation", command.Launch.Reservation), ("index", command.Launch.Index), ("key", command.Launch.KeyName),
            ("data", command.UserData), ("id", id.Value));
    }

    /// <summary>Read for the host alone: in a list of a thousand instances it would be 16 MB.</summary>
    public static Task<string?> UserData(LedgerSession session, InstanceId id) => session.QueryOne(
        "select user_data from instances where uuid = @id", r => r.TextOrNull("user_data"), ("id", id.Value));
}
