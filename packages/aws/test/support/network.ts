/** An existing VPC with private subnets in three zones. */
export const network = {
  vpcId: "vpc-1",
  subnets: [
    { id: "subnet-a", zone: "eu-west-1a", cidr: "10.0.0.0/24" },
    { id: "subnet-b", zone: "eu-west-1b", cidr: "10.0.1.0/24" },
    { id: "subnet-c", zone: "eu-west-1c", cidr: "10.0.2.0/24" },
  ],
};
