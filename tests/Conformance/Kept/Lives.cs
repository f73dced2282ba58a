namespace NovaOrleans.Conformance.Kept;

/// <summary>A server dies between a launch and its binding, and another one is started over the same rows.</summary>
internal static class Lives
{
    /// <summary>Each life is a process that is killed: nothing is left of what the plug-in had in memory, and it could tidy up nothing.</summary>
    public static async Task Restart(Trial trial)
    {
        DirectoryInfo rows = Directory.CreateTempSubdirectory("nova-conformance-rows-");
        try
        {
            VnicId vnic = await ServerProcess.Live(trial.PlugIn, rows.FullName, made: null);
            await ServerProcess.Live(trial.PlugIn, rows.FullName, vnic);
        }
        finally
        {
            rows.Delete(recursive: true);
        }
    }

    /// <summary>In the first server's process.</summary>
    public static async Task<VnicId> First(Trial trial) => await (await trial.Tenant()).Launch();

    /// <summary>In the second server's process, of whose tenants the first is the one that had the launch.</summary>
    public static async Task<VnicId> Second(Trial trial, VnicId vnic)
    {
        Tenant tenant = await trial.Tenant(network: false);
        BrokenPromiseException.Unless((await tenant.Cards()).Any(c => c.Id == vnic), "a VNIC that was given is gone after a restart");
        BrokenPromiseException.Done(await trial.OsApi.ValidateVnics(tenant.Project, [vnic]), "after a restart, validate_vnics of the VNIC");
        await Cards.Bound(tenant, vnic);
        VnicId another = await tenant.Launch();
        await Cards.Bound(tenant, another);
        await tenant.DeleteCard(vnic);
        await tenant.DeleteCard(another);
        await Storage.Sound(trial, "after a restart, ");
        return vnic;
    }
}
