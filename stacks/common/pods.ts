import { FsGroupChangePolicy, TaintEffect } from "@gatehouse/kubernetes";
import { z } from "zod";

const texts = () => z.record(z.string(), z.string());

const toleration = z.strictObject({
  key: z.string().min(1).describe("Key of the taint."),
  value: z.string().optional().describe("Value of the taint; any by default."),
  effect: z.enum(TaintEffect).optional().describe("Effect of the taint; every effect by default."),
  seconds: z.int().min(0).optional().describe("Seconds that a running pod stays, with the effect NoExecute."),
});

/** Settings of all pods of a stack, which follow from the cluster it runs in. */
export const pods = z
  .strictObject({
    imagePullSecrets: z.array(z.string()).optional().describe("Secrets with which images are pulled."),
    nodeSelector: texts().optional().describe("Labels that a node must have."),
    tolerations: z.array(toleration).optional().describe("Taints that the pods tolerate."),
    priorityClass: z.string().optional().describe("Name of a PriorityClass."),
    runtimeClass: z.string().optional().describe("Name of a RuntimeClass."),
    labels: texts().optional().describe("Labels of the pods."),
    annotations: texts().optional().describe("Annotations of the pods."),
    supplementalGroups: z.array(z.int().min(1)).optional().describe("Further group ids of the processes."),
    fsGroupChangePolicy: z.enum(FsGroupChangePolicy).optional().describe("When the owner of volumes' files changes."),
  })
  .prefault({})
  .describe("Settings of all pods of the stack.");
