using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NovaOrleans.Api.Catalogue;
using NovaOrleans.Api.NetworkServices;
using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using NovaOrleans.SecurityGroups;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api.Servers;

/// <summary>
/// Launches instances. Every VNIC is validated by the project's network service before anything is made; what was made
/// for an instance that is then refused is taken back. With an Idempotency-Key the instance's id comes from key and
/// body, so that a repeat finds what the first attempt made; the key with another body is another id, which the
/// instances' rows refuse.
/// </summary>
internal sealed class ServerCreation(
    IGrainFactory grains, NetworkServiceManager services, ProjectServices projects, MachineCatalogue catalogue)
{
    /// <summary>So often a request may be refused and asked again under one key before its VNICs have ids of their own.</summary>
    private const int MostTurns = 20;

    public async Task<Outcome<IReadOnlyList<InstanceView>>> Create(ApiRequest request, ServerBody body)
    {
        if (!(await projects.Ask(request.Project)).Try(out ProjectView? project, out Refusal? refusal))
        {
            return refusal;
        }

        if (await Repeated(request, body) is { } before)
        {
            return Outcome.Of(before);
        }

        if (!catalogue.MachineOf(body.ImageRef, body.FlavorRef).Try(out MachineSpec? machine, out refusal))
        {
            return refusal;
        }

        if (!(await grains.GetGrain<ISecurityGroupsGrain>(project.Id.Value).Resolve(body.SecurityGroups))
            .Try(out IReadOnlyList<SecurityGroupId>? groups, out refusal))
        {
            return refusal;
        }

        List<VnicId> given = [.. body.Launches.Where(l => l is not null).SelectMany(l => l!)];
        if (given.Count > 0 && await Validate(project, given) is { } invalid)
        {
            return invalid;
        }

        var made = new List<InstanceView>(body.Launches.Count);
        for (int i = 0; i < body.Launches.Count; i++)
        {
            if (!(await Launch(request, body with { Machine = machine, Groups = groups }, project, i))
                .Try(out InstanceView? instance, out refusal))
            {
                if (made.Count >= body.Least)
                {
                    break;
                }

                await TakeBack(request, made);
                return refusal;
            }

            made.Add(instance);
        }

        return made;
    }

    /// <summary>What the same request made before; its VNICs are attached by now and would be refused.</summary>
    private async Task<IReadOnlyList<InstanceView>?> Repeated(ApiRequest request, ServerBody body)
    {
        if (request.Key is null)
        {
            return null;
        }

        var made = new List<InstanceView>(body.Launches.Count);
        for (int i = 0; i < body.Launches.Count; i++)
        {
            Outcome<InstanceView> known = await grains.GetGrain<IInstanceGrain>(IdFor(request, i)).Describe();
            if (known.Try(out InstanceView? instance, out _) && instance.Status != InstanceStatus.Deleted)
            {
                made.Add(instance);
            }
        }

        return made.Count >= (body.Least ?? body.Launches.Count) ? made : null;
    }

    private async Task<Refusal?> Validate(ProjectView project, List<VnicId> vnics) =>
        services.OsApiService(project.Effective).Try(out IOsApiService? door, out Refusal? refusal)
            ? (await door.ValidateVnics(project.Id, vnics)).Refusal
            : refusal;

    private async Task<Outcome<InstanceView>> Launch(
        ApiRequest request, ServerBody body, ProjectView project, int index)
    {
        Refusal? refusal;
        IReadOnlyList<VnicId> owned = [];
        if (body.Launches[index] is null)
        {
            if (!services.OsService(project.Effective).Try(out IOsService? door, out refusal)
                || !(await MakeVnics(request, door, body.Networks, index)).Try(out IReadOnlyList<VnicId>? made, out refusal))
            {
                return refusal;
            }

            owned = made;
        }

        var command = new CreateInstance(
            project.Id,
            project.Effective,
            NameOf(body, index),
            body.Launches[index] ?? owned,
            owned,
            request.Actor,
            body.Host,
            KeyOf(request.Key, index))
        {
            ImageRef = body.ImageRef,
            FlavorRef = body.FlavorRef,
            Metadata = body.Metadata,
            Machine = body.Machine,
            SecurityGroups = body.Groups,
            Launch = new LaunchDetails(body.Reservation, index, body.KeyName),
            UserData = body.UserData,
        };
        Outcome<InstanceView> answer = await grains.GetGrain<IInstanceGrain>(IdFor(request, index)).Create(command);
        // The instance may be one that an earlier attempt made, with a VNIC of its own. After a timeout nothing is
        // taken back: the instance may yet come to be, and a repeat with the key finds the VNICs again.
        if (answer.Refused || owned.Any(v => !answer.Value.Vnics.Contains(v)))
        {
            await Free(request, owned);
        }

        return answer;
    }

    /// <summary>The VNICs of one instance; where one cannot be had, those made before it go again.</summary>
    private async Task<Outcome<IReadOnlyList<VnicId>>> MakeVnics(
        ApiRequest request, IOsService door, IReadOnlyList<NicOrder>? networks, int index)
    {
        var made = new List<VnicId>();
        foreach (NicOrder? order in (IReadOnlyList<NicOrder?>?)networks ?? [null])
        {
            VnicId id = await VnicFor(request, index, made.Count);
            Outcome<VnicId> vnic = order is null
                ? await door.GetDefaultVnicId(request.Project, id)
                : await door.GetVnicIdIn(request.Project, id, order.Network, order.FixedIp);
            if (vnic.Refused)
            {
                await Free(request, made);
                return vnic.Refusal;
            }

            made.Add(vnic.Value);
        }

        return made;
    }

    /// <summary>
    /// With a key the same for the same request: what a try made that was cut off before it told anybody is found by the next one,
    /// and is not left behind. One that was taken back after a refusal stays deleted; then it is the next id.
    /// </summary>
    private async Task<VnicId> VnicFor(ApiRequest request, int index, int nic)
    {
        ILedgerQueryGrain ledger = grains.GetGrain<ILedgerQueryGrain>(0);
        for (int turn = 0; request.Key is not null && turn < MostTurns; turn++)
        {
            var id = new VnicId(IdFor(request, string.Create(CultureInfo.InvariantCulture, $"vnic {index} {nic} {turn}")));
            if ((await ledger.VnicsById([id])).Count > 0 || (await ledger.History(null, null, id, new Page(1))).Count == 0)
            {
                return id;
            }
        }

        return VnicId.New();
    }

    /// <summary>
    /// All or none: the instances made before the one that was refused go again, with the VNICs they own.
    /// </summary>
    private async Task TakeBack(ApiRequest request, List<InstanceView> made)
    {
        foreach (InstanceView instance in made)
        {
            await grains.GetGrain<IInstanceGrain>(instance.Id.Value).Delete(request.Project, request.Actor);
        }
    }

    private async Task Free(ApiRequest request, IReadOnlyList<VnicId> owned)
    {
        foreach (VnicId vnic in owned)
        {
            await grains.GetGrain<IVnicGrain>(vnic.Value).Delete(request.Project, request.Actor);
        }
    }

    private static string NameOf(ServerBody body, int index) => body.Launches.Count == 1
        ? body.Name
        : string.Create(CultureInfo.InvariantCulture, $"{body.Name}-{index + 1}");

    private static RequestKey? KeyOf(RequestKey? key, int index) => key is null || index == 0
        ? key
        : key with { Key = string.Create(CultureInfo.InvariantCulture, $"{key.Key}/{index}") };

    /// <summary>A new id; with a key always the same for the same request (RFC 9562, version 8).</summary>
    private static Guid IdFor(ApiRequest request, int index) => IdFor(request, string.Create(CultureInfo.InvariantCulture, $"{index}"));

    private static Guid IdFor(ApiRequest request, string what)
    {
        if (request.Key is not { } key)
        {
            return Guid.CreateVersion7();
        }

        string text = $"{what}\n{request.Project}\n{key.Key}\n{key.BodyHash}";
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
