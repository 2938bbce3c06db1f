/**
 * What the serialport library wants from whoever holds the wire (its BindingInterface), as far as
 * we use it. The library brings the one for real ports; emulated devices bring theirs.
 */
export interface SerialBindingPort {
  isOpen: boolean;
  readonly openOptions: SerialOpenOptions;
  close(): Promise<void>;
  read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{ readonly buffer: Buffer; readonly bytesRead: number }>;
  write(buffer: Buffer): Promise<void>;
  update(options: { readonly baudRate: number }): Promise<void>;
  set(options: object): Promise<void>;
  get(): Promise<{ readonly cts: boolean; readonly dsr: boolean; readonly dcd: boolean }>;
  getBaudRate(): Promise<{ readonly baudRate: number }>;
  flush(): Promise<void>;
  drain(): Promise<void>;
}

export interface SerialOpenOptions {
  readonly path: string;
  readonly baudRate: number;
}

/** A port as udev describes it. */
export interface SerialPortDescription {
  readonly path: string;
  readonly serialNumber?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly pnpId?: string | undefined;
}

export interface SerialBinding {
  list(): Promise<SerialPortDescription[]>;
  open(options: SerialOpenOptions): Promise<SerialBindingPort>;
}
