export const inventorySchema = {};
