export { checkCount, checkPortNumber, repeated } from "@gatehouse/core";
