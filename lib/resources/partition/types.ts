/** GUIDs of types of partitions, by the words that a state may use. */
export const types: Readonly<Record<string, string>> = {
  linux: '0fc63daf-8483-4772-8e79-3d69d8477de4',
  lvm: 'e6d6d379-f507-44c2-a23c-238f2a3df928',
  raid: 'a19d880f-05fc-4d3b-a006-743f0f84911e',
  swap: '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f',
  efi: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  bios: '21686148-6449-6e6f-744e-656564454649',
  luks: 'ca7d7ccb-63ed-4c53-861c-1742536059cc',
};
