import { SharedFileSystem } from "@gatehouse/aws";

new SharedFileSystem("orders-files", {
  region: "eu-west-1",
  vpcId: "vpc-0a1b2c3d4e5f60718",
  subnets: [
    { id: "subnet-0a1b2c3d4e5f60711", zone: "eu-west-1a", cidr: "10.20.0.0/24" },
    { id: "subnet-0a1b2c3d4e5f60712", zone: "eu-west-1b", cidr: "10.20.1.0/24" },
  ],
  admits: [{ name: "nodes of the cluster", securityGroup: { id: "sg-0a1b2c3d4e5f60718" } }],
  accessPoints: { orders: { path: "/orders", user: 1000 } },
});
