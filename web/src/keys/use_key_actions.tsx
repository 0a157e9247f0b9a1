// The things that can be done with a key, as a menu and as the dialogs that belong to it.
import {useState} from 'preact/hooks';
import type {ApiKey, ApiKeyWithSecret} from '../api/types';
import type {MenuItem} from '../ui/menu';
import {EditKeyDialog, RevokeKeyDialog, RotateKeyDialog, SecretDialog, switchKey} from './key_dialogs';

type Open =
  | {what: 'edit' | 'rotate' | 'revoke'; key: ApiKey}
  | {what: 'secret'; secret: ApiKeyWithSecret; rotated: boolean};

export function useKeyActions(onChanged: () => void) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  // By the time the rotation is done, the new secret may have taken its place.
  const closeRotation = () => setOpen(now => (now?.what === 'rotate' ? undefined : now));
  const reveal = (secret: ApiKeyWithSecret, rotated: boolean) => {
    setOpen({what: 'secret', secret, rotated});
    onChanged();
  };
  const items = (key: ApiKey): (MenuItem | false)[] => [
    {label: 'Edit limits', icon: 'edit', onPick: () => setOpen({what: 'edit', key})},
    {label: 'Rotate secret', icon: 'rotate', onPick: () => setOpen({what: 'rotate', key})},
    key.state !== 'expired' && {
      label: key.state === 'disabled' ? 'Enable' : 'Disable',
      icon: key.state === 'disabled' ? 'play' : 'pause',
      onPick: () => void switchKey(key, onChanged),
    },
    {label: 'Revoke', icon: 'trash', danger: true, onPick: () => setOpen({what: 'revoke', key})},
  ];
  const dialogs =
    open &&
    (open.what === 'edit' ? (
      <EditKeyDialog apiKey={open.key} onClose={close} onChanged={onChanged} />
    ) : open.what === 'rotate' ? (
      <RotateKeyDialog apiKey={open.key} onClose={closeRotation} onRotated={secret => reveal(secret, true)} />
    ) : open.what === 'secret' ? (
      <SecretDialog secret={open.secret} rotated={open.rotated} onClose={close} />
    ) : (
      <RevokeKeyDialog apiKey={open.key} onClose={close} onChanged={onChanged} />
    ));
  return {
    items,
    dialogs,
    reveal,
    open: (what: 'edit' | 'rotate' | 'revoke', key: ApiKey) => setOpen({what, key}),
  };
}
