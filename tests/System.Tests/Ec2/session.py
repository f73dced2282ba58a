"""What somebody does with a stock EC2 client, unmodified: boto3 as Debian packs it. Prints what came of it as JSON."""
import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def client(signature="v4", secret=None, key=None):
    return boto3.client(
        "ec2", endpoint_url=os.environ["EC2_URL"], region_name="nova",
        aws_access_key_id=key or os.environ["EC2_ACCESS_KEY"],
        aws_secret_access_key=secret or os.environ["EC2_SECRET_KEY"],
        config=Config(signature_version=signature, retries={"max_attempts": 0}, read_timeout=30))


def refusal(call, **arguments):
    """The code and status of the refusal; a call that is not refused is a failure."""
    try:
        call(**arguments)
    except ClientError as fault:
        return [fault.response["Error"]["Code"], fault.response["ResponseMetadata"]["HTTPStatusCode"]]
    return ["NotRefused", 200]


def instances_of(answer):
    return [i for r in answer["Reservations"] for i in r["Instances"]]


def keys(ec2):
    return {
        "wrong_secret_v4": refusal(client(secret="wrong").describe_instances),
        "wrong_secret_v2": refusal(client("v2", secret="wrong").describe_instances),
        "unknown_key": refusal(client(key="NOBODY").describe_instances),
        "v2": client("v2").describe_regions()["Regions"][0]["RegionName"],
    }


def launch(ec2):
    image = ec2.describe_images()["Images"][0]["ImageId"]
    run = ec2.run_instances(
        ImageId=image, MinCount=3, MaxCount=3, InstanceType="m1.tiny", KeyName="mine", UserData="#!/bin/sh\n",
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}])
    ids = [i["InstanceId"] for i in run["Instances"]]
    ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    shown = instances_of(ec2.describe_instances(InstanceIds=ids))
    return {
        "image": image,
        "ids": ids,
        "reservation": run["ReservationId"],
        "shown_reservations": sorted({r["ReservationId"] for r in ec2.describe_instances()["Reservations"]}),
        "states": [i["State"]["Name"] for i in shown],
        "addresses": [i["PrivateIpAddress"] for i in shown],
        "nics": [len(i["NetworkInterfaces"]) for i in shown],
        "types": [i["InstanceType"] for i in shown],
        "launched": [i["LaunchTime"].year for i in shown],
        "two_nics": refusal(
            ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1,
            NetworkInterfaces=[{"DeviceIndex": 0}, {"DeviceIndex": 1}]),
        "tagged": [t["Value"] for t in shown[0]["Tags"] if t["Key"] == "Name"],
    }


def addresses(ec2):
    first, second = [i["InstanceId"] for i in instances_of(ec2.describe_instances())][:2]
    taken = ec2.allocate_address(Domain="vpc")
    put = ec2.associate_address(InstanceId=first, AllocationId=taken["AllocationId"])
    shown = ec2.describe_addresses()["Addresses"]
    in_use = refusal(ec2.release_address, AllocationId=taken["AllocationId"])
    outside = instances_of(ec2.describe_instances(InstanceIds=[first]))[0].get("PublicIpAddress")
    ec2.associate_address(InstanceId=second, PublicIp=taken["PublicIp"])
    moved = ec2.describe_addresses(Filters=[{"Name": "instance-id", "Values": [second]}])["Addresses"]
    ec2.disassociate_address(AssociationId=put["AssociationId"])
    away = ec2.describe_addresses(PublicIps=[taken["PublicIp"]])["Addresses"]
    ec2.release_address(AllocationId=taken["AllocationId"])
    return {
        "first": first,
        "address": taken["PublicIp"],
        "shown": [[a["PublicIp"], a.get("InstanceId"), a.get("AssociationId")] for a in shown],
        "association": put["AssociationId"],
        "outside": outside,
        "in_use": in_use,
        "moved": len(moved),
        "away": [a.get("InstanceId") for a in away],
        "left": len(ec2.describe_addresses()["Addresses"]),
        "unknown": refusal(ec2.describe_addresses, PublicIps=["203.0.113.99"]),
    }


def groups(ec2):
    image = ec2.describe_images()["Images"][0]["ImageId"]
    web = ec2.create_security_group(GroupName="web", Description="who serves")["GroupId"]
    duplicate = refusal(ec2.create_security_group, GroupName="web", Description="again")
    default = ec2.describe_security_groups(GroupNames=["default"])["SecurityGroups"][0]["GroupId"]
    http = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    inner = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": default}]}
    ec2.authorize_security_group_ingress(GroupId=web, IpPermissions=[http, inner])
    again = refusal(ec2.authorize_security_group_ingress, GroupId=web, IpPermissions=[http])
    ec2.authorize_security_group_ingress(GroupName="web", IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIp="10.0.0.0/8")
    shown = ec2.describe_security_groups(GroupIds=[web])["SecurityGroups"][0]["IpPermissions"]
    one = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SecurityGroupIds=[web])["Instances"][0]
    in_use = refusal(ec2.delete_security_group, GroupId=web)
    ec2.terminate_instances(InstanceIds=[one["InstanceId"]])
    ec2.get_waiter("instance_terminated").wait(
        InstanceIds=[one["InstanceId"]], WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    ec2.revoke_security_group_ingress(GroupId=web, IpPermissions=[http])
    gone = refusal(ec2.revoke_security_group_ingress, GroupId=web, IpPermissions=[http])
    left = ec2.describe_security_groups(GroupIds=[web])["SecurityGroups"][0]["IpPermissions"]
    ec2.delete_security_group(GroupId=web)
    return {
        "duplicate": duplicate,
        "again": again,
        "shown": sorted([
            p["IpProtocol"], p.get("FromPort"), [r["CidrIp"] for r in p["IpRanges"]],
            [g["GroupName"] for g in p["UserIdGroupPairs"]]] for p in shown),
        "instance": [g["GroupName"] for g in one["SecurityGroups"]],
        "in_use": in_use,
        "gone": gone,
        "left": sorted(p["IpProtocol"] for p in left),
        "unknown": refusal(
            ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1, SecurityGroups=["nobody"]),
        "deleted": refusal(ec2.describe_security_groups, GroupIds=[web]),
        "default": refusal(ec2.delete_security_group, GroupName="default"),
    }


def limit(ec2):
    taken = [ec2.allocate_address()["AllocationId"] for _ in range(10)]
    beyond = refusal(ec2.allocate_address)
    for allocation in taken:
        ec2.release_address(AllocationId=allocation)
    return {"beyond": beyond, "left": len(ec2.describe_addresses()["Addresses"])}


def terminate(ec2):
    ids = [i["InstanceId"] for i in instances_of(ec2.describe_instances())]
    ended = ec2.terminate_instances(InstanceIds=ids)["TerminatingInstances"]
    ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    return {
        "ended": [[i["PreviousState"]["Name"], i["CurrentState"]["Name"]] for i in ended],
        "left": len(instances_of(ec2.describe_instances())),
        "shown": [i["State"]["Name"] for i in instances_of(ec2.describe_instances(InstanceIds=ids))],
    }


steps = {"keys": keys, "launch": launch, "addresses": addresses, "groups": groups, "limit": limit,
         "terminate": terminate}
session = client()
print(json.dumps({name: steps[name](session) for name in sys.argv[1:]}))
